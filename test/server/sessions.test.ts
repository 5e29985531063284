import { execFileSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  mkdirSync,
  existsSync,
} from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { serialise } from "#notebook/notebook.ts";

import { TEXT, oneNotebook, setA } from "./one-notebook.ts";

const { root, file, sessions, edit } = oneNotebook();

test("an edit is in the file after a save, and the file is never half written", async () => {
  const here = sessions();
  expect(await edit(here, setA("10"))).toBe(2);
  await (await here.session("one.md")).save();
  expect(readFileSync(file("one.md"), "utf8")).toBe(TEXT.replace("\n1\n", "\n10\n"));
  expect(readdirSync(join(root(), "notebooks"))).toEqual(["one.md"]);
});

test("a server that was killed before it saved has the edit and every step when it comes back", async () => {
  const killed = sessions();
  for (let step = 0; step < 1_100; step++) await edit(killed, setA(`${step}`));
  const journal = readFileSync(join(root(), ".karyon/journal/one.ndjson"), "utf8")
    // A slow machine saves in between.
    .split("\n")
    .filter((line) => !line.startsWith('{"type":"saved"'))
    .join("\n");
  await killed.close();
  // As if it had not been closed: what a killed process leaves, with its last line torn.
  writeFileSync(join(root(), ".karyon/journal/one.ndjson"), `${journal}{"type":"cha`);
  writeFileSync(file("one.md"), TEXT);
  const back = sessions();
  const session = await back.session("one.md");
  expect(session.text).toBe(TEXT.replace("\n1\n", "\n1099\n"));
  for (let step = 0; step < 1_100; step++) await session.dispatch({ type: "undo" });
  expect([session.text, session.standing]).toEqual([
    TEXT,
    { revision: 2_201, canUndo: false, canRedo: true, untrusted: { changed: null } },
  ]);
});

test("what is answered after an edit that could not be written down is there after a kill", async () => {
  const before = sessions();
  await edit(before, setA("10"));
  await before.close();
  const killed = sessions();
  await (await killed.session("one.md")).save();
  const journal = join(root(), ".karyon/journal/one.ndjson");
  renameSync(journal, `${journal}.aside`);
  mkdirSync(journal);
  await expect(edit(killed, setA("20"))).rejects.toThrow("could not be written down");
  rmdirSync(journal);
  renameSync(`${journal}.aside`, journal);
  await edit(killed, setA("210"));
  const left = readFileSync(journal, "utf8");
  await killed.close();
  writeFileSync(journal, left);
  writeFileSync(file("one.md"), TEXT.replace("\n1\n", "\n10\n"));
  expect((await sessions().session("one.md")).text).toBe(TEXT.replace("\n1\n", "\n210\n"));
});

test("of edits that come at once and cannot be written down none is said to be", async () => {
  const here = sessions();
  await here.session("one.md");
  // Where the folder of journals is to be lies a file.
  mkdirSync(join(root(), ".karyon"), { recursive: true });
  writeFileSync(join(root(), ".karyon/journal"), "");
  const told = await Promise.allSettled([edit(here, setA("10")), edit(here, setA("20"))]);
  expect(told.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  rmSync(join(root(), ".karyon/journal"));
  expect(await edit(here, setA("30"))).toBe(4);
});

test("what another program wrote is merged, also when it did so between an edit and its save", async () => {
  const here = sessions();
  await edit(here, setA("10"));
  writeFileSync(file("one.md"), TEXT.replace("from a\n", "from a limit 5\n"));
  const session = await here.session("one.md");
  await session.save();
  const both = TEXT.replace("\n1\n", "\n10\n").replace("from a\n", "from a limit 5\n");
  expect([session.text, readFileSync(file("one.md"), "utf8")]).toEqual([both, both]);
});

test("a conflict keeps both versions, in the document and in the file", async () => {
  const here = sessions();
  await edit(here, setA("10"));
  writeFileSync(file("one.md"), TEXT.replace("\n1\n", "\n11\n"));
  await here.look();
  const session = await here.session("one.md");
  await session.save();
  const text = readFileSync(file("one.md"), "utf8");
  expect(text).toContain("```sql a\n10\n```\n");
  expect(text).toContain("```sql a run=false\n11\n```\n");
  expect(text).toContain("> **Conflict.** `a`");
});

test("a file that went is written again when there is something unsaved in it, else its notebook goes", async () => {
  const here = sessions();
  await here.openAll();
  rmSync(file("one.md"));
  await here.look();
  expect([await here.list(), here.now("one.md")]).toEqual([[], null]);
  writeFileSync(file("one.md"), TEXT);
  await here.look();
  await edit(here, setA("10"));
  rmSync(file("one.md"));
  await here.look();
  await (await here.session("one.md")).save();
  expect(readFileSync(file("one.md"), "utf8")).toBe(TEXT.replace("\n1\n", "\n10\n"));
});

test.skipIf(process.platform === "win32")("a notebook that is saved keeps who may read it", async () => {
  chmodSync(file("one.md"), 0o664);
  // As the command line has it.
  const mask = process.umask(0o077);
  try {
    const here = sessions();
    await edit(here, setA("10"));
    await (await here.session("one.md")).save();
  } finally {
    process.umask(mask);
  }
  expect(statSync(file("one.md")).mode & 0o777).toBe(0o664);
});

test("a mark of the byte order before a notebook is none of its text", async () => {
  writeFileSync(file("one.md"), `\uFEFF${TEXT}`);
  const here = sessions();
  expect((await here.session("one.md")).notebook.title).toBe("T");
  expect((await here.notebooks()).map(({ notebook }) => serialise(notebook))).toEqual([TEXT]);
});

test("what has no end, or is no file, is no notebook, and holds up no other", async () => {
  writeFileSync(file("large.md"), "");
  truncateSync(file("large.md"), 2 ** 40);
  if (process.platform !== "win32") {
    execFileSync("mkfifo", [file("pipe.md")]);
    symlinkSync("/dev/zero", file("zero.md"));
    await expect(sessions().session("pipe.md")).rejects.toThrow("not a file");
    await expect(sessions().session("zero.md")).rejects.toThrow("outside the workspace");
  }
  await expect(sessions().session("large.md")).rejects.toThrow("larger than 64 MB");
  expect((await sessions().notebooks()).map(({ notebook }) => notebook.path)).toEqual(["one.md"]);
});

test.skipIf(process.platform === "win32")(
  "a notebook that cannot be read for a while is not taken for one that went, nor written over",
  async () => {
    const here = sessions();
    await here.openAll();
    const aside = join(root(), "aside.md");
    renameSync(file("one.md"), aside);
    // The system refuses to look at it.
    symlinkSync("one.md", file("one.md"));
    await here.look();
    expect(here.now("one.md")).not.toBeNull();
    await edit(here, setA("10"));
    await expect((await here.session("one.md")).save()).rejects.toThrow("ELOOP");
    renameSync(aside, file("one.md"));
    await (await here.session("one.md")).save();
    expect(readFileSync(file("one.md"), "utf8")).toBe(TEXT.replace("\n1\n", "\n10\n"));
  },
);

describe.skipIf(process.platform === "win32")("a notebook that is a link", () => {
  let outside: string;

  beforeEach(() => {
    // A sibling whose name begins like that of the workspace.
    outside = `${root()}-secret`;
    mkdirSync(outside);
    writeFileSync(join(outside, "theirs.md"), TEXT);
  });

  afterEach(() => rmSync(outside, { recursive: true }));

  test("to a file outside the workspace is neither read nor written, and is told of", async () => {
    symlinkSync(join(outside, "theirs.md"), file("away.md"));
    symlinkSync("away.md", file("chain.md"));
    symlinkSync("loop.md", file("loop.md"));
    const here = sessions();
    await here.openAll();
    expect((await here.notebooks()).map(({ notebook }) => notebook.path)).toEqual(["one.md"]);
    expect((await here.unread()).map(({ path, error }) => `${path}: ${error.message}`)).toEqual([
      `away.md: a link to a file outside the workspace: ${file("away.md")}`,
      `chain.md: a link to a file outside the workspace: ${file("chain.md")}`,
      "loop.md: the notebook cannot be read: its cells are left out",
    ]);
    await expect(here.session("away.md")).rejects.toThrow("outside the workspace");
    await expect(here.rewrite("away.md", "# Mine\n")).rejects.toThrow("outside the workspace");
    await expect(here.remove("away.md", new Date(0))).rejects.toThrow("outside the workspace");
    expect(readFileSync(join(outside, "theirs.md"), "utf8")).toBe(TEXT);
  });

  test("that is put in the place of an open one is not written through", async () => {
    const here = sessions();
    await edit(here, setA("10"));
    rmSync(file("one.md"));
    symlinkSync(join(outside, "theirs.md"), file("one.md"));
    const session = await here.session("one.md");
    await expect(session.save()).rejects.toThrow("outside the workspace");
    await here.look();
    expect(session.text).toContain("\n10\n");
    expect(readFileSync(join(outside, "theirs.md"), "utf8")).toBe(TEXT);
    rmSync(file("one.md"));
    await session.save();
    expect(readFileSync(file("one.md"), "utf8")).toBe(session.text);
  });

  test("to a file of the workspace is that file, and stays a link", async () => {
    mkdirSync(join(root(), "drafts"));
    renameSync(file("one.md"), join(root(), "drafts/first.md"));
    symlinkSync("../drafts/first.md", file("one.md"));
    const here = sessions();
    await edit(here, setA("10"));
    await (await here.session("one.md")).save();
    expect(lstatSync(file("one.md")).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(root(), "drafts/first.md"), "utf8")).toContain("\n10\n");
  });

  test("is none where the notebooks folder itself is the link", async () => {
    renameSync(join(root(), "notebooks"), join(outside, "notebooks"));
    symlinkSync(join(outside, "notebooks"), join(root(), "notebooks"));
    const here = sessions();
    await edit(here, setA("10"));
    await (await here.session("one.md")).save();
    expect(readFileSync(join(outside, "notebooks/one.md"), "utf8")).toContain("\n10\n");
    expect(await here.unread()).toEqual([]);
  });
});

test("what is no UTF-8 is no notebook, and is not written over", async () => {
  const other = Buffer.from("# Größe\n", "latin1");
  writeFileSync(file("one.md"), other);
  const closed = sessions();
  await expect(closed.session("one.md")).rejects.toThrow("not UTF-8");
  expect(await closed.notebooks()).toEqual([]);

  writeFileSync(file("one.md"), TEXT);
  const here = sessions();
  await edit(here, setA("10"));
  writeFileSync(file("one.md"), other);
  await here.look();
  const session = await here.session("one.md");
  await expect(session.save()).rejects.toThrow("not UTF-8");
  expect(readFileSync(file("one.md"))).toEqual(other);
  writeFileSync(file("one.md"), TEXT);
  await session.save();
  expect(readFileSync(file("one.md"), "utf8")).toBe(TEXT.replace("\n1\n", "\n10\n"));
});

test("listeners hear of an edit, of a file that changed and of a file that is new", async () => {
  const here = sessions();
  await here.openAll();
  const heard: (string | null)[] = [];
  here.onChange((path) => heard.push(path));
  await edit(here, setA("10"));
  writeFileSync(file("two.md"), "# Two\n");
  writeFileSync(file("one.md"), TEXT.replace("# T", "# U"));
  await here.look();
  expect(heard).toEqual(["one.md", "one.md", null]);
});

test("a journal that is of another text is put aside, and the file is what there is", async () => {
  const first = sessions();
  await edit(first, setA("25"));
  await first.close();
  const journal = join(root(), ".karyon/journal/one.ndjson");
  writeFileSync(journal, readFileSync(journal, "utf8").replace('"removed":"1"', '"removed":"7"'));
  writeFileSync(file("one.md"), TEXT);
  const session = await sessions().session("one.md");
  expect([session.text, session.standing.canUndo, existsSync(`${journal}.unreadable`)]).toEqual([
    TEXT,
    false,
    true,
  ]);
  await session.dispatch({ type: "edit", ops: [setA("11")], at: 0 });
  expect((await sessions().session("one.md")).text).toBe(TEXT.replace("\n1\n", "\n11\n"));
});

/** What `karyon report verify` says of files that were left alone, and of files that were not. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { tableFromArrays, tableToIPC } from "apache-arrow";
import { beforeAll, expect, test } from "vitest";

import type { AssetKey } from "#protocol/ids.ts";
import { canonicalText } from "#protocol/provenance.ts";
import type { AssetRecord } from "#protocol/record.ts";

import { inertJson } from "../../kernel/notebook/exported-file.ts";
import { sha256 } from "../../kernel/notebook/sha256.ts";
import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";
import { blockIn, exported, notebookIn, tableIn, workspaceWith } from "./exported.ts";
import type { ExportedFile } from "./exported.ts";

const NOTEBOOK = `# A notebook

Some words.

\`\`\`sql kept asset
select range as n from range(100)
\`\`\`

\`\`\`sql few
select n from kept where n < 5
\`\`\`
`;

interface Verified {
  readonly whole: boolean;
  readonly checks: readonly { readonly what: string; readonly state: string; readonly found: string }[];
}

let workspace: string;
let file: ExportedFile;

beforeAll(async () => {
  workspace = await workspaceWith(NOTEBOOK, ["kept"]);
  file = await exported(workspace);
});

async function verified(text: string, where: string): Promise<Verified & { code: number | null }> {
  const path = `${await temporaryFolder("verify")}/file.html`;
  await writeFile(path, text);
  const { code, stdout, stderr } = await karyon(where, "--json", "report", "verify", path);
  if (stdout === "") throw new Error(stderr);
  return { ...(JSON.parse(stdout) as Verified), code };
}

function failures({ checks }: Verified): string[] {
  return checks.filter(({ state }) => state === "failed").map(({ what }) => what);
}

test("a file that was left alone is whole, and its materialisations are the workspace's", async () => {
  const result = await verified(file.text, workspace);
  expect(failures(result)).toEqual([]);
  expect(result).toMatchObject({ whole: true, code: 0 });
  expect(result.checks.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      "kept in this workspace",
      "the rows of kept",
      "kept, which few reads, in this workspace",
      "the mark of few",
    ]),
  );
});

test("without a workspace a file is checked by itself, and none is made", async () => {
  const elsewhere = await temporaryFolder("nowhere");
  const result = await verified(file.text, elsewhere);
  expect(result).toMatchObject({ whole: true, code: 0 });
  expect(result.checks.at(-1)).toMatchObject({ state: "not-checked", found: "there is no workspace here" });
  await expect(readFile(`${elsewhere}/.karyon/catalog.sqlite`)).rejects.toThrow("ENOENT");
});

test.each<[what: string, change: (text: string) => string, named: string]>([
  ["words", (text) => text.replace("Some words", "Other words"), "the seal is that of what is shown"],
  ["a mark", (text) => text.replace(/"rows":100/g, '"rows":101'), "the mark of kept"],
  [
    "data",
    (text) =>
      text.replace(
        /(id="karyon-block-1">.{60})(.)/,
        (_, start: string, one: string) => start + (one === "A" ? "B" : "A"),
      ),
    "data of kept (karyon-block-1)",
  ],
  [
    "data that is gone",
    (text) => text.replace(/<script[^>]*id="karyon-block-0">.*\n/, ""),
    "data of few (karyon-block-0)",
  ],
  [
    "a script that was added",
    (text) => text.replace("</body>", "<script>1</script></body>"),
    "nothing else is in the file",
  ],
  [
    "the script itself",
    (text) => text.replace('<script id="karyon-runtime">', '<script id="karyon-runtime">1;'),
    "nothing else is in the file",
  ],
  [
    "a style",
    (text) => text.replace("<style>", "<style>.ink-stale{display:none}"),
    "nothing else is in the file",
  ],
])("a change of %s is named", async (_, change, named) => {
  const text = change(file.text);
  expect(text).not.toBe(file.text);
  const result = await verified(text, workspace);
  expect(failures(result)).toContain(named);
  expect(result).toMatchObject({ whole: false, code: 1 });
});

test("a record that was changed with all of its hashes is found out by the workspace", async () => {
  const notebook = notebookIn(file.text);
  const kept = notebook.provenance["kept"];
  const provenance = { ...kept?.provenance, madeAt: "2020-01-01T00:00:00.000Z" };
  const forged = {
    ...notebook,
    provenance: { ...notebook.provenance, kept: { mark: sha256(canonicalText(provenance)), provenance } },
  };
  const [before, after] = [notebook, forged].map((one) => inertJson(canonicalText(one)));
  const text = file.text
    .replace(before ?? "", after ?? "")
    .replace(sha256(before ?? ""), sha256(after ?? ""));
  expect(failures(await verified(text, await temporaryFolder("nowhere")))).toEqual([]);
  expect(failures(await verified(text, workspace))).toEqual(["kept in this workspace"]);
});

/** The file with another notebook in it, and every hash that depends on it made anew. */
function resealed(changed: string, text: string = file.text): string {
  const [before, after] = [notebookIn(text), JSON.parse(changed) as unknown].map((one) =>
    inertJson(canonicalText(one)),
  );
  return text.replace(before ?? "", after ?? "").replace(sha256(before ?? ""), sha256(after ?? ""));
}

/** The file with another block of data. */
function forged(data: Uint8Array, text: string = file.text): string {
  const notebook = notebookIn(text);
  const block = notebook.tables["kept" as AssetKey]?.blocks[0];
  if (block === undefined) throw new Error("kept has no rows");
  const packed = gzipSync(data);
  const changed = JSON.stringify(notebook)
    .replace(block.sha256, sha256(packed))
    .replace(`"bytes":${block.bytes}`, `"bytes":${packed.length}`);
  return resealed(changed, text).replace(
    new RegExp(`(id="${block.id}">)[^<]*`),
    (_, start: string) => start + packed.toString("base64"),
  );
}

function rowsCheck({ checks }: Verified): { state?: string; found?: string } | undefined {
  return checks.find(({ what }) => what === "the rows of kept");
}

test("rows that were changed with all of their hashes are found out by the rows that are kept", async () => {
  const table = tableIn(file.text, notebookIn(file.text).tables["kept" as AssetKey]);
  const values = BigInt64Array.from(table.toArray().map((row) => (row as { n: bigint }).n));
  values[42] = 4711n;
  const text = forged(tableToIPC(tableFromArrays({ n: values })));
  expect(failures(await verified(text, await temporaryFolder("nowhere")))).toEqual([]);
  const result = await verified(text, workspace);
  expect(result).toMatchObject({ whole: false, code: 1 });
  expect(rowsCheck(result)).toMatchObject({
    state: "failed",
    found: "they differ first at row 43, column n",
  });
  // What stands in a table is in no log of what was found.
  expect(JSON.stringify(result)).not.toContain("4711");
});

test("rows that a file says it has, and that no block of it holds, are found out", async () => {
  const notebook = notebookIn(file.text);
  const kept = notebook.tables["kept" as AssetKey];
  const [block] = kept?.blocks ?? [];
  const element = new RegExp(`<script[^>]* id="${block?.id}">[^<]*</script>\\n`);
  const saying = (changes: object): string =>
    JSON.stringify({ ...notebook, tables: { ...notebook.tables, kept: { ...kept, ...changes } } });
  const text = resealed(saying({ blocks: [] }), file.text.replace(element, ""));
  expect(failures(await verified(text, await temporaryFolder("nowhere")))).toEqual([]);
  expect(rowsCheck(await verified(text, workspace))).toMatchObject({
    state: "failed",
    found: "they end or differ at row 1",
  });
  const more = resealed(saying({ rows: 4711 }));
  expect(rowsCheck(await verified(more, workspace))).toMatchObject({
    state: "failed",
    found: "they end or differ at row 101",
  });
});

test("the same rows in another writing are the same rows", async () => {
  const table = tableIn(file.text, notebookIn(file.text).tables["kept" as AssetKey]);
  const n = table.toArray().map((row) => Number((row as { n: bigint }).n));
  const data = tableToIPC(tableFromArrays({ n: Float64Array.from(n) }));
  const block = notebookIn(file.text).tables["kept" as AssetKey]?.blocks[0]?.id ?? "";
  expect(Buffer.from(data).equals(blockIn(file.text, block))).toBe(false);
  expect(rowsCheck(await verified(forged(data), workspace))).toMatchObject({ state: "ok" });
  const short = tableToIPC(tableFromArrays({ n: Float64Array.from(n.slice(0, 7)) }));
  expect(rowsCheck(await verified(forged(short), workspace))).toMatchObject({
    state: "failed",
    found: "they end or differ at row 8",
  });
});

test("columns and rows that were left out are not in the file, and no difference", async () => {
  const own = await workspaceWith(
    NOTEBOOK.replace("range as n", "range as n, range % 7 as secret, -range as lower"),
    ["kept"],
  );
  const { text } = await exported(own, "--columns", "kept=lower,n", "--rows", "10");
  const result = await verified(text, own);
  expect(result.whole).toBe(true);
  expect(rowsCheck(result)).toMatchObject({
    state: "ok",
    found: "1 of its columns and the rows after the first 10 are not in the file",
  });
});

test("rows whose files are gone could not be looked at, which is no failure", async () => {
  const own = await workspaceWith(NOTEBOOK, ["kept"]);
  const { text } = await exported(own);
  const { versions } = await karyonJson<{ versions: { record: AssetRecord }[] }>(own, "history", "kept");
  const hash = versions[0]?.record.files[0]?.hash ?? "";
  await rm(`${own}/.karyon/objects/${hash.slice(0, 2)}/${hash.slice(2)}`, { force: true });
  const result = await verified(text, own);
  expect(result).toMatchObject({ whole: true, code: 0 });
  expect(rowsCheck(result)).toMatchObject({
    state: "not-checked",
    found: "the files of run 1 are not kept any more",
  });
});

test("a file made before the asset was made again still stands, and says so", async () => {
  const own = await workspaceWith(NOTEBOOK, ["kept"]);
  const { text } = await exported(own);
  await writeFile(`${own}/notebooks/it.md`, NOTEBOOK.replace("range(100)", "range(101)"));
  await karyon(own, "notebook", "trust", "it.md");
  await karyon(own, "asset", "materialize", "--select", "kept");
  const result = await verified(text, own);
  expect(result.whole).toBe(true);
  expect(result.checks).toContainEqual({
    what: "kept in this workspace",
    state: "ok",
    found: "it has been made again since",
  });
});

test("rows that differ beside times without an end are found out", async () => {
  const times = "'infinity'::timestamp as ends, ['-infinity'::timestamp, null] as both";
  const [mine, other] = await Promise.all(
    ["range", "range % 42"].map(async (n) => {
      const own = await workspaceWith(NOTEBOOK.replace("range as n", `${n} as n, ${times}`), ["kept"]);
      return { own, text: (await exported(own)).text };
    }),
  );
  if (mine === undefined || other === undefined) throw new Error("not exported");
  const block = notebookIn(other.text).tables["kept" as AssetKey]?.blocks[0]?.id ?? "";
  const text = forged(blockIn(other.text, block), mine.text);
  expect(rowsCheck(await verified(text, mine.own))).toMatchObject({
    state: "failed",
    found: "they differ first at row 43, column n",
  });
});

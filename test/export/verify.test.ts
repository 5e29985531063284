/** What `karyon report verify` says of files that were left alone, and of files that were not. */
import { readFile, writeFile } from "node:fs/promises";

import { beforeAll, expect, test } from "vitest";

import { canonicalText } from "#protocol/provenance.ts";

import { inertJson, sha256 } from "../../kernel/notebook/exported-file.ts";
import { karyon, temporaryFolder } from "../support/karyon.ts";
import { exported, notebookIn, workspaceWith } from "./exported.ts";
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

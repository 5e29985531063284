/** Samples side by side in an exported notebook: their names are those of columns, and no file has them. */
import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { karyon } from "../support/karyon.ts";
import { blockIn, exported, workspaceWith } from "./exported.ts";

const NOTEBOOK = `
\`\`\`yaml variants_source source=genome
\`\`\`

\`\`\`yaml variants normalise
source: variants_source
\`\`\`

\`\`\`yaml family matrix
asset: variants
samples: [otherperson/second_child]
\`\`\`

\`\`\`sql looked_at
select * from family
\`\`\`

\`\`\`sql called_otherwise asset
select chrom, start, "ownerperson/first_child" as child, "otherperson/second_child" as cousin from family
\`\`\`
`;
const [OWN, OTHER] = ["ownerperson/first_child", "otherperson/second_child"];
const VCF = [
  "##fileformat=VCFv4.2",
  "##contig=<ID=chr1,length=248956422>",
  "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS",
  "chr1\t1000\trs11\tA\tG\t50\tPASS\t.\tGT\t0/1",
  "",
].join("\n");

test("a table whose columns are named by samples is left out with why, and one that calls them otherwise is not", async () => {
  const workspace = await workspaceWith(NOTEBOOK, []);
  await writeFile(`${workspace}/genome.vcf`, VCF);
  for (const person of [OWN, OTHER]) {
    await karyon(workspace, "partitions", "add", person, "--vcf", `${workspace}/genome.vcf`);
    await karyon(workspace, "asset", "materialize", "--select", "variants", "--partition", person);
  }
  await karyon(workspace, "asset", "materialize", "--select", "called_otherwise", "--partition", OWN);
  const { text, notebook } = await exported(workspace, "--partition", OWN);
  expect(notebook.tables).toMatchObject({
    called_otherwise: { columns: ["chrom", "start", "child", "cousin"] },
  });
  expect(Object.keys(notebook.tables)).not.toContain("family");
  expect(notebook.leftOut).toMatchObject({ family: expect.stringContaining("named by users and samples") });
  expect(notebook.queries).toMatchObject({
    looked_at: { error: { message: expect.stringContaining("named by users and samples") } },
  });
  const blocks = Object.values(notebook.tables).flatMap(({ blocks: of }) => of);
  const texts = [
    text.replace(/<script id="karyon-runtime">[^]*?<\/script>/, ""),
    ...blocks.map(({ id }) => blockIn(text, id).toString("latin1")),
  ];
  for (const word of ["otherperson", "second_child"]) {
    expect(texts.filter((one) => one.includes(word))).toEqual([]);
  }
  const { stdout } = await karyon(workspace, "notebook", "export", "it.md", "--partition", OWN);
  expect(stdout).toContain("nothing is shown of family: its columns are named by users and samples");
}, 120_000);

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { cellsOf } from "#notebook/notebook.ts";
import { parsePartition } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetRecord } from "#protocol/record.ts";
import type { RunView } from "#protocol/view.ts";

import { runView } from "../../server/runs/run-view.ts";
import { Workspace } from "../../server/workspace.ts";
import { workspacePaths } from "../../server/workspace-paths.ts";

/** A module of four variants, with text that wants to be more than text. */
export const PANEL: string = String.raw`module: {name: panel, title: 'A "panel" <b>', weighting: "own scale"}
variants:
  - {rsid: rs11, gene: ONE, genotype: A/G, weight: -0.8, state: risk, conclusion: "p=0.05; one, two\t100% <script>alert(1)</script> \u202Etxet"}
  - {rsid: rs12, gene: TWO, genotype: C/C, weight: 0.5, state: protective, conclusion: Plain}
  - {rsid: rs13, gene: THREE, genotype: A/C, state: risk, conclusion: "=cmd|' /C calc'!A0"}
studies:
  - {rsid: rs11, pmid: 11, conclusion: A study}
  - {rsid: rs12, pmid: 12, conclusion: A study}
  - {rsid: rs13, pmid: 13, conclusion: A study}
resolution:
  - {rsid: rs11, chrom: 1, start: 1000, ref: A, alts: G, status: verified}
  - {rsid: rs12, chrom: 1, start: 2000, ref: T, alts: C, status: verified}
  - {rsid: rs13, chrom: 2, start: 500, ref: A, alts: C, status: verified}
`;

export const NOTEBOOK: string = `# A genome

\`\`\`yaml user_vcf_source source=vcf
\`\`\`

\`\`\`yaml user_vcf_normalized normalise
source: user_vcf_source
\`\`\`

\`\`\`yaml panel module
${PANEL}\`\`\`

\`\`\`yaml chosen_modules modules
use: [panel]
\`\`\`

\`\`\`yaml user_hf_module_annotations annotate
variants: user_vcf_normalized
modules: chosen_modules
\`\`\`
`;

/** Contig lengths say that this is GRCh38; undeclared fields, hostile text and odd calls are in the records. */
export const VCF: string = [
  "##fileformat=VCFv4.2",
  "##contig=<ID=chr1,length=248956422>",
  "##contig=<ID=chr2,length=242193529,assembly=GRCh38>",
  '##FILTER=<ID=q10,Description="Quality below 10">',
  '##INFO=<ID=AC,Number=A,Type=Integer,Description="Alleles, \\"counted\\"">',
  '##INFO=<ID=DB,Number=0,Type=Flag,Description="dbSNP">',
  '##INFO=<ID=DP,Number=1,Type=Integer,Description="Depth">',
  '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
  '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth of the sample">',
  '##FORMAT=<ID=AD,Number=R,Type=Integer,Description="Depth by allele">',
  "##bcftools_viewCommand=view a.vcf; Date=today",
  '##broken=<ID=x,Description="no end>',
  "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tSAMPLE 1",
  "chr1\t1000\trs11\tA\tG\t50.5\tPASS\tAC=1;DB;DP=30;NOTE=<script>a b</script>\tGT:DP:AD\t1|0:30:14,16",
  "chr1\t2000\t.\tT\tC\t.\tq10;odd\tAC=2\tGT:AD\t1/1:.,20",
  "chr1\t3000\trs7;rs8\tC\tG,T\t99\t.\tAC=1,.\tDP:GT\t8:2/1",
  "chr1\t4000\t=1+1\tG\t*\t7\tPASS\tNOTE=x=y\tGT\t./1",
  "chr2\t100\t.\tA\t<DEL>\t7\tPASS\t.\tGT:PS\t0|1:77",
  "chr2\t500\t.\tA\tC\t7\tPASS\t.\tGT\t0/1",
  "chr2\t500\t.\tA\tC\t8\tPASS\t.\tGT\t./.",
  "",
].join("\n");

export interface Genome {
  readonly workspace: Workspace;
  readonly root: string;
  readonly partition: PartitionKey;
  /** @throws when a step fails, with why */
  make(select: string): Promise<RunView>;
  /** Changes the notebook as another program does. */
  edit(from: string, to: string): Promise<void>;
  close(): Promise<void>;
  record(asset: string): AssetRecord;
  /** Path of a file of an asset's output. */
  file(asset: string, name: string): string;
}

/** A workspace of one person and the notebook, with more cells after it. */
export async function genome(cells = "", vcf: string = VCF): Promise<Genome> {
  // A name that an engine may take for a column of every file below it.
  const root = await mkdtemp(join(tmpdir(), "chrom="));
  await mkdir(join(root, "notebooks"));
  await writeFile(join(root, "notebooks", "genome.md"), NOTEBOOK + cells);
  await writeFile(join(root, "genome.vcf"), vcf);
  const workspace = await Workspace.open(workspacePaths(root, {}), { software: "karyon test" });
  const partition = parsePartition("anna/s");
  workspace.setPartition(partition, { vcf: join(root, "genome.vcf") });
  const record = (asset: string): AssetRecord => {
    const key = asset as AssetKey;
    const head =
      workspace.catalog.versions.head(key, partition) ??
      workspace.catalog.versions.head(key, "" as PartitionKey);
    if (head?.kind !== "record") throw new Error(`${asset} was not made`);
    return head.record;
  };
  return {
    workspace,
    root,
    partition,
    record,
    async edit(from, to) {
      const session = await workspace.sessions.session("genome.md");
      const cell = cellsOf(session.notebook).find(({ source }) => source.includes(from));
      if (cell === undefined) throw new Error(`no cell says ${from}`);
      const ops = [{ op: "set-source", block: cell.id, source: cell.source.replace(from, to) }] as const;
      await session.dispatch({ type: "edit", ops, at: 0 });
      workspace.definitionsChanged();
    },
    async close() {
      await workspace.close();
      await rm(root, { recursive: true, force: true });
    },
    file(asset, name) {
      const hash = record(asset).files.find((file) => file.name === name)?.hash;
      if (hash === undefined) throw new Error(`${asset} has no ${name}`);
      return join(workspace.paths.home, "objects", hash.slice(0, 2), hash.slice(2));
    },
    async make(select) {
      const run = await workspace.startRun(select, partition);
      await run.ended;
      const view = runView(run.id, workspace.catalog.eventsOfRun(run.id));
      const failed = view?.steps.find(({ error }) => error !== null);
      if (failed !== undefined) throw new Error(`${failed.asset}: ${JSON.stringify(failed.error)}`);
      if (view === null) throw new Error("the run left no trace");
      return view;
    },
  };
}

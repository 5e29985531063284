import type { AssetView, CellView } from "#protocol/view.ts";

import type { Insert } from "./cell-ops.ts";

/** A kind of cell that a person can insert. */
export interface CellTemplate {
  readonly id: string;
  readonly label: string;
  /** What it is for, in a few words. */
  readonly words: string;
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Start of the names of new ones; null: without a name. */
  readonly name: string | null;
  /** First text; `TABLE` stands for a table above the place. */
  readonly source: string;
}

const MODULE = `# a small module: run it, then name it under "use" of a modules cell
module: {title: My panel}
variants:
  - {rsid: rs4988235, gene: MCM6, genotype: A/G, weight: 0.5, state: protective, conclusion: Digests milk sugar as an adult}
studies:
  - {rsid: rs4988235, pmid: 11788828, conclusion: Adults of this genotype keep lactase}
`;

export const TEMPLATES: readonly CellTemplate[] = [
  template("prose", "Text", "words between cells", "md", null, "Write here."),
  template("sql", "SQL query", "looked at, never kept", "sql", "query", "select *\nfrom TABLE\nlimit 100"),
  template("sql-asset", "SQL table", "kept, with its history", "sql", "table", "select *\nfrom TABLE", {
    asset: "",
  }),
  template("js", "JavaScript", "plots and values in the page", "js", null, "1 + 1"),
  template(
    "input",
    "Input",
    "a control that others read",
    "input",
    "threshold",
    'Inputs.range([0, 1], {label: "Threshold", step: 0.05, value: 0.5})',
  ),
  template(
    "script",
    "Script in the kernel",
    "a table by code of your own, kept; runs when you run it",
    "ts",
    "rows",
    "const rows = await sql`select * from ${TABLE}`.rows();\nreturn rows",
    { kernel: "" },
  ),
  template("config", "Settings", "a value that other cells read", "yaml", "settings", "key: value", {
    config: "",
  }),
  template("module", "Module", "genotypes and what they mean", "yaml", "my_panel", MODULE.trimEnd(), {
    module: "",
  }),
  template(
    "report",
    "Report",
    "a document to read and keep",
    "yaml",
    "my_report",
    "annotations: ANNOTATIONS\ntemplate: longevity",
    {
      report: "",
    },
  ),
  template(
    "njk",
    "Report of your own",
    "a document over any tables, by a template",
    "njk",
    "my_report",
    "<h1>NAME</h1>\n<p>Made for {{ user_name }}, {{ generated_at | moment }}.</p>",
    { report: "" },
  ),
  template(
    "diff",
    "Difference",
    "what is other than in the version before, or in another sample",
    "yaml",
    "difference",
    "asset: ANNOTATIONS\nversion: previous",
    { diff: "" },
  ),
  template(
    "matrix",
    "Genotypes of several samples",
    "side by side, with what each file has at a site",
    "yaml",
    "family",
    "asset: VARIANTS\nsamples: [USER/SAMPLE]",
    { matrix: "" },
  ),
  template("html", "HTML", "a page of your own, in a frame", "html", "page", "<p>Hello</p>"),
];

function template(
  id: string,
  label: string,
  words: string,
  language: string,
  name: string | null,
  source: string,
  attributes: Readonly<Record<string, string>> = {},
): CellTemplate {
  return { id, label, words, language, name, source, attributes };
}

/** A cell of this kind after another; null: at the top. It gets a name that is free, and reads what is near. */
export function insertOp(
  one: CellTemplate,
  after: string | null,
  cells: readonly CellView[],
  assets: readonly AssetView[],
): Insert {
  const name = one.name === null ? null : freeName(one.name, cells);
  const above = cells.slice(0, cells.findIndex((cell) => cell.id === after) + 1).toReversed();
  const tables = new Set(
    assets.filter((asset) => asset.output === "table").map((asset) => String(asset.key)),
  );
  const table = above.find((cell) => cell.name !== null && tables.has(cell.name))?.name;
  const variants = assets.find((asset) => asset.kind === "normalise")?.key;
  const annotations = assets.find((asset) => asset.kind === "annotate")?.key;
  const source = one.source
    .replace("\nfrom TABLE\nlimit 100", table == null ? "" : `\nfrom ${table}\nlimit 100`)
    .replace(" from ${TABLE}", table == null ? "" : ` from \${${table}}`)
    .replace("\nfrom TABLE", table == null ? "" : `\nfrom ${table}`)
    .replace("ANNOTATIONS", annotations ?? "user_hf_module_annotations")
    .replace("VARIANTS", variants ?? "user_vcf_normalized")
    .replace("NAME", name ?? "");
  const text = table == null ? source.replace("select *", "select 1 as one") : source;
  return { op: "insert", after, language: one.language, name, attributes: one.attributes, source: text };
}

/** The name itself, or the first of `name_2`, `name_3` … that no cell has. */
export function freeName(wanted: string, cells: readonly CellView[]): string {
  const taken = new Set(cells.map((cell) => cell.name));
  if (!taken.has(wanted)) return wanted;
  for (let count = 2; ; count++) if (!taken.has(`${wanted}_${count}`)) return `${wanted}_${count}`;
}

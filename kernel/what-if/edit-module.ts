import { parse } from "csv-parse/sync";
import { parseDocument } from "yaml";

import { WorkspaceError } from "#protocol/error.ts";
import type { ModuleEdit } from "#protocol/what-if.ts";

import { foldContig } from "../modules/contig.ts";
import type { ModuleFiles } from "../modules/module.ts";

/**
 * The texts of a module with some values of its variants changed. A column that the table lacks is added.
 *
 * @throws {WorkspaceError} `usage` for a row that the module does not have
 */
export function editModule(files: ModuleFiles, edits: readonly ModuleEdit[]): ModuleFiles {
  const table = parse(files["variants.csv"] ?? "", { bom: true, relax_column_count: true });
  const [header = [], ...rows] = table;
  const place = (name: string): number => header.findIndex((one) => one.trim() === name);
  for (const edit of edits) {
    if (place(edit.column) < 0) header.push(edit.column);
    const at = place(edit.column);
    const found = rowsMeant(header, rows, edit);
    if (found.length === 0) throw noRow(edit);
    for (const index of found) {
      const row = rows[index] ?? [];
      while (row.length < header.length) row.push("");
      row[at] = edit.value;
    }
  }
  return { ...files, "variants.csv": csvText([header, ...rows]) };
}

/** The texts of a module as another module of its own, which says what it is a fork of. */
export function forkedModule(files: ModuleFiles, name: string, edits: readonly ModuleEdit[]): ModuleFiles {
  const spec = parseDocument(files["module_spec.yaml"] ?? "");
  const own = (key: string): string => {
    const value: unknown = spec.getIn(["module", key]);
    return typeof value === "string" ? value : "";
  };
  const changed = `${edits.length} ${edits.length === 1 ? "value" : "values"} changed`;
  const from = [own("name"), own("version")].filter(Boolean).join(" ");
  spec.setIn(["module", "description"], `${own("description")} A fork of ${from}: ${changed}.`.trim());
  spec.setIn(["module", "title"], `${own("title")} (fork)`);
  spec.setIn(["module", "name"], name);
  spec.deleteIn(["module", "version"]);
  return { ...files, "module_spec.yaml": spec.toString() };
}

/** Which rows of a table of variants an edit means, 0-based. */
export function rowsMeant(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  edit: ModuleEdit,
): number[] {
  const place = (name: string): number => header.findIndex((one) => one.trim() === name);
  return rows.flatMap((row, index) => {
    const cell = (name: string): string => (row[place(name)] ?? "").trim();
    const site = `${foldContig(cell("chrom"))}:${cell("start")}`;
    if (cell("rsid").toLowerCase() !== edit.variant && site !== edit.variant) return [];
    return alleles(cell("genotype")) === alleles(edit.genotype) ? [index] : [];
  });
}

function alleles(genotype: string): string {
  return genotype
    .toUpperCase()
    .split(/[/|]/)
    .map((allele) => allele.trim())
    .toSorted()
    .join("/");
}

function csvText(table: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return table.map((row) => `${row.map((text) => cell(text)).join(",")}\n`).join("");
}

export function noRow({ module, variant, genotype }: ModuleEdit): WorkspaceError {
  return new WorkspaceError({
    code: "usage",
    message: `module ${module} has no row of ${variant} ${genotype}`,
    hint: "Name a variant and a genotype as variants.csv has them, such as rs429358 and C/T.",
  });
}

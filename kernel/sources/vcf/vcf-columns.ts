import { DictionaryColumn } from "../../columns/dictionary.ts";
import { FixedColumn } from "../../columns/fixed.ts";
import { ListColumn } from "../../columns/list.ts";
import { TextColumn } from "../../columns/text.ts";
import { fieldColumn } from "./field-columns.ts";
import type { FieldColumn } from "./field-columns.ts";
import type { Layout } from "./fields.ts";
import { PRESENCES, RULES } from "./mask.ts";
import { PART_ROWS } from "./parted-table.ts";
import type { PartColumns } from "./parted-table.ts";

/** One part of the table of kept records. */
export class VcfColumns implements PartColumns {
  readonly chrom: DictionaryColumn = new DictionaryColumn(PART_ROWS);
  readonly start: FixedColumn<"UINTEGER"> = new FixedColumn("UINTEGER", PART_ROWS);
  readonly end: FixedColumn<"UINTEGER"> = new FixedColumn("UINTEGER", PART_ROWS);
  readonly rsid: TextColumn = new TextColumn(PART_ROWS);
  readonly ref: DictionaryColumn = new DictionaryColumn(PART_ROWS);
  readonly alt: DictionaryColumn = new DictionaryColumn(PART_ROWS);
  readonly qual: FixedColumn<"DOUBLE"> = new FixedColumn("DOUBLE", PART_ROWS);
  readonly filter: DictionaryColumn = new DictionaryColumn(PART_ROWS);
  readonly info: readonly FieldColumn[];
  readonly format: readonly FieldColumn[];
  readonly genotype: ListColumn<DictionaryColumn> = new ListColumn(
    new DictionaryColumn(PART_ROWS),
    PART_ROWS,
  );
  readonly presence: DictionaryColumn = new DictionaryColumn(PART_ROWS, PRESENCES);
  readonly phased: FixedColumn<"BOOLEAN"> = new FixedColumn("BOOLEAN", PART_ROWS);
  readonly columns: PartColumns["columns"];

  constructor(layout: Layout) {
    this.info = layout.info.map((field) => fieldColumn(field, PART_ROWS));
    this.format = layout.format.map((field) => fieldColumn(field, PART_ROWS, field.id === "GT"));
    const named = (names: readonly { readonly column: string }[], columns: readonly FieldColumn[]) =>
      columns.map(({ column }, index) => ({ name: names[index]?.column ?? "", column }));
    this.columns = [
      { name: "chrom", column: this.chrom },
      { name: "start", column: this.start },
      { name: "end", column: this.end },
      { name: "rsid", column: this.rsid },
      { name: "ref", column: this.ref },
      { name: "alt", column: this.alt },
      { name: "qual", column: this.qual },
      { name: "filter", column: this.filter },
      ...named(layout.info, this.info),
      ...named(layout.format, this.format),
      { name: "genotype", column: this.genotype },
      { name: "presence", column: this.presence },
      { name: "phased", column: this.phased },
    ];
  }
}

/** One part of the table of removed sites. */
export class RemovedColumns implements PartColumns {
  readonly chrom: DictionaryColumn = new DictionaryColumn(PART_ROWS);
  readonly start: FixedColumn<"UINTEGER"> = new FixedColumn("UINTEGER", PART_ROWS);
  readonly end: FixedColumn<"UINTEGER"> = new FixedColumn("UINTEGER", PART_ROWS);
  readonly presence: DictionaryColumn = new DictionaryColumn(PART_ROWS, PRESENCES);
  /** Codes are the rules of a mask. */
  readonly removedBy: DictionaryColumn = new DictionaryColumn(PART_ROWS, RULE_SETS);
  readonly columns: PartColumns["columns"] = [
    { name: "chrom", column: this.chrom },
    { name: "start", column: this.start },
    { name: "end", column: this.end },
    { name: "presence", column: this.presence },
    { name: "removed_by", column: this.removedBy },
  ];
}

/** Every set of rules, joined by `,`, at the number that a mask has for it. */
const RULE_SETS: readonly string[] = Array.from({ length: 1 << RULES.length }, (_, set) =>
  RULES.filter((_rule, index) => (set >>> index) & 1).join(","),
);

import * as z from "zod";

import { WorkspaceError } from "#protocol/error.ts";
import { count, counted, signed } from "#protocol/numerals.ts";

import type { Check } from "./verify-file.ts";

/** A row of a report, as far as it is held against anything. Names are those of its format. */
interface Row {
  readonly rsid: string | null;
  readonly chrom: string | null;
  readonly start: number | null;
  readonly genotype: string;
  readonly weight: number | null;
  readonly sign: number;
  readonly direction: string | null;
  readonly conclusion: string | null;
  /** Inferred, not called: in no sum. */
  readonly restored: boolean;
  readonly studies: readonly unknown[];
}

/** Sums over called rows; `total_weight` is rounded to 2 decimals, null when no row has a weight. */
interface Sums {
  readonly total_variants: number;
  readonly total_positive: number;
  readonly total_negative: number;
  readonly total_weighted: number;
  readonly total_weight: number | null;
  readonly total_restored: number;
}

interface Head {
  readonly module_name: string;
  readonly summary: Sums;
}

/** The JSON twin of a report, as far as it is held against anything. */
export interface Twin {
  readonly longevity:
    | (Head & { readonly categories: readonly { readonly variants: readonly Row[] }[] })
    | null;
  readonly other_modules: readonly (Head & { readonly variants: readonly Row[] })[];
  readonly module_exclusions: readonly {
    readonly name: string;
    readonly status: string;
    readonly reason: string;
  }[];
}

/** A row that is not as it was: in one of two reports alone, or in both with other values. */
export interface ReportChange {
  readonly module: string;
  /** rsID, else position, and genotype. */
  readonly row: string;
  readonly change: "added" | "removed" | "changed";
  /** What is different, in words; of a row that came or went, its weight. */
  readonly what: string;
}

const ROW: z.ZodType<Row> = z.object({
  rsid: z.string().nullable(),
  chrom: z.string().nullable(),
  start: z.number().nullable(),
  genotype: z.string(),
  weight: z.number().nullable(),
  sign: z.number(),
  direction: z.string().nullable(),
  conclusion: z.string().nullable(),
  restored: z.boolean(),
  studies: z.array(z.unknown()),
});
const SUMS: z.ZodType<Sums> = z.object({
  total_variants: z.number(),
  total_positive: z.number(),
  total_negative: z.number(),
  total_weighted: z.number(),
  total_weight: z.number().nullable(),
  total_restored: z.number(),
});
const SECTION = { module_name: z.string(), summary: SUMS };
const TWIN: z.ZodType<Twin> = z.object({
  format: z.literal("karyon.report/1"),
  longevity: z.object({ ...SECTION, categories: z.array(z.object({ variants: z.array(ROW) })) }).nullable(),
  other_modules: z.array(z.object({ ...SECTION, variants: z.array(ROW) })),
  module_exclusions: z.array(z.object({ name: z.string(), status: z.string(), reason: z.string() })),
});

/** Half a unit of the second decimal, to which sums are rounded. */
const ROUNDING = 0.0051;
/** What a report says of itself wherever it is read; a template of one's own can lack it. */
const DISCLAIMER = /not\s+medical\s+advice/i;
/** What a style writes at the edge of paper is not read on a screen. */
const STYLE = /<style[^]*?<\/style>/gi;

/** @throws {WorkspaceError} `asset` for what is no JSON twin of a report */
export function parseTwin(text: string, name: string): Twin {
  const hint = "Name the .json that lies beside a report, or the report itself.";
  try {
    return TWIN.parse(JSON.parse(text));
  } catch (cause) {
    throw new WorkspaceError({ code: "asset", message: `no report: ${name}`, hint }, { cause });
  }
}

/**
 * Whether a report keeps what every report promises: sums are those of its rows, no module failed, and the page says
 * that it is no medical advice.
 *
 * @param html the page; null when only its twin is there
 */
export function checkContract(twin: Twin, html: string | null): Check[] {
  const sections = sectionsOf(twin);
  const failed = twin.module_exclusions.filter(({ status }) => status === "failed");
  const rows = sections.flatMap((section) => section.rows);
  const bare = rows.filter(({ weight, studies }) => weight !== null && studies.length === 0);
  return [
    ...sections.map((section) => sumsCheck(section)),
    check("no module failed", failed.map(({ name, reason }) => `${name}: ${reason}`).join("; ")),
    html === null
      ? { what: "the disclaimer", state: "not-checked", found: "the page is not beside it" }
      : check(
          "the disclaimer",
          DISCLAIMER.test(html.replaceAll(STYLE, "")) ? "" : "it does not say that it is not medical advice",
        ),
    {
      what: "sources",
      state: "ok",
      found:
        bare.length === 0
          ? ""
          : `${count(bare.length)} of ${counted(rows.length, "row")} have a weight and name no publication`,
    },
  ];
}

/** What is different from a report that is known to be right, row by row. */
export function reportChanges(golden: Twin, twin: Twin): ReportChange[] {
  const [before, after] = [golden, twin].map((one) => rowsOf(one));
  if (before === undefined || after === undefined) return [];
  const gone = [...before].filter(([key]) => !after.has(key));
  return [
    ...[...after].flatMap(([key, { module, row }]): ReportChange[] => {
      const was = before.get(key)?.row;
      if (was === undefined) return [{ module, row: nameOf(row), change: "added", what: weightWords(row) }];
      const what = differences(was, row);
      return what === "" ? [] : [{ module, row: nameOf(row), change: "changed", what }];
    }),
    ...gone.map(([, { module, row }]): ReportChange => ({
      module,
      row: nameOf(row),
      change: "removed",
      what: weightWords(row),
    })),
  ];
}

interface Section {
  readonly module: string;
  readonly summary: Sums;
  readonly rows: readonly Row[];
}

function sectionsOf({ longevity, other_modules: others }: Twin): Section[] {
  const first =
    longevity === null
      ? []
      : [{ ...longevity, variants: longevity.categories.flatMap(({ variants }) => variants) }];
  return [...first, ...others].map(({ module_name: module, summary, variants: rows }) => ({
    module,
    summary,
    rows,
  }));
}

function sumsCheck({ module, summary, rows }: Section): Check {
  const called = rows.filter(({ restored }) => !restored);
  const weights = called.flatMap(({ weight }) => weight ?? []);
  const weight = weights.reduce((sum, one) => sum + one, 0);
  const counts = {
    total_variants: called.length,
    total_positive: called.filter(({ sign }) => sign > 0).length,
    total_negative: called.filter(({ sign }) => sign < 0).length,
    total_weighted: weights.length,
    total_restored: rows.length - called.length,
  };
  const off = Object.entries(counts)
    .filter(([name, value]) => summary[name as keyof typeof counts] !== value)
    .map(([name, value]) => `${name} is ${summary[name as keyof typeof counts]}, of its rows ${value}`);
  if (Math.abs((summary.total_weight ?? 0) - weight) > ROUNDING)
    off.push(
      `total_weight is ${summary.total_weight === null ? "none" : signed(summary.total_weight)}, of its rows ${signed(weight)}`,
    );
  return check(`the sums of ${module}`, off.join("; "));
}

function check(what: string, problem: string): Check {
  return { what, state: problem === "" ? "ok" : "failed", found: problem };
}

/** By what makes a row the same one in two reports. */
function rowsOf(twin: Twin): Map<string, { readonly module: string; readonly row: Row }> {
  return new Map(
    sectionsOf(twin).flatMap(({ module, rows }) =>
      rows.map((row) => {
        const place = [module, row.rsid, row.chrom, row.start, row.genotype];
        return [JSON.stringify(place), { module, row }] as const;
      }),
    ),
  );
}

function nameOf({ rsid, chrom, start, genotype }: Row): string {
  return `${rsid ?? `${chrom ?? "?"}:${start ?? "?"}`} ${genotype}`;
}

function differences(was: Row, is: Row): string {
  return [
    was.weight === is.weight ? null : `weight ${weightWords(was)} → ${weightWords(is)}`,
    was.direction === is.direction ? null : `${was.direction ?? "none"} → ${is.direction ?? "none"}`,
    was.restored === is.restored ? null : is.restored ? "called → inferred" : "inferred → called",
    was.conclusion === is.conclusion ? null : "another conclusion",
    was.studies.length === is.studies.length
      ? null
      : `${counted(was.studies.length, "study", "studies")} → ${is.studies.length}`,
  ]
    .filter((words) => words !== null)
    .join(", ");
}

function weightWords({ weight }: Row): string {
  return weight === null ? "no weight" : signed(weight);
}

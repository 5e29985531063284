import type { BuildEvidence } from "#protocol/annotation.ts";
import { WorkspaceError } from "#protocol/error.ts";
import { fileNames, namesInShort } from "#protocol/vcf-files.ts";

import { requireOneBuild } from "../one-build.ts";
import type { Compression } from "../text/text.ts";
import { detectBuild, requireOurBuild } from "./build.ts";
import type { FieldLine, VcfHeader } from "./header.ts";
import { openVcf } from "./vcf-text.ts";

/** One VCF of a sample, without its records. */
export interface VcfHead {
  readonly path: string;
  /** What it is called where there are others. */
  readonly name: string;
  readonly bytes: number;
  readonly compression: Compression;
  readonly byteOrderMark: boolean;
  readonly header: VcfHeader;
  readonly build: BuildEvidence;
  /** Its first records. */
  readonly peek: readonly string[];
}

/**
 * Reads the heads of the VCFs that are one sample, in their order.
 *
 * @throws {WorkspaceError} `source` when one is no VCF, is damaged, or is on another build than another one
 */
export async function readHeads(paths: readonly string[], signal: AbortSignal): Promise<VcfHead[]> {
  const names = fileNames(paths);
  const heads: VcfHead[] = [];
  for (const [index, path] of paths.entries()) {
    const { file, header, byteOrderMark, peek } = await openVcf(path, signal);
    await file.close();
    const { bytes, compression } = file;
    const used = new Set(peek.map((line) => line.slice(0, line.indexOf("\t"))));
    const build = detectBuild(header, [...used]);
    heads.push({ path, name: names[index] ?? path, bytes, compression, byteOrderMark, header, build, peek });
  }
  requireOneBuild(heads, "Give files that were called against one reference genome.");
  return heads;
}

/**
 * Passes files that are on our build, or that do not say, and whose calls name the alleles of the record.
 *
 * @throws {WorkspaceError} `source`
 */
export function requireUsable(heads: readonly VcfHead[]): void {
  for (const head of heads) {
    requireOurBuild(head.header, head.build);
    refuseLocalCalls(head);
  }
}

/** The index 1 of an LGT is the first allele that LA lists for the sample, not the first of the record. */
function refuseLocalCalls({ path, peek }: VcfHead): void {
  if (!peek.some((line) => line.includes("LGT"))) return;
  const formats = peek.map((line) => line.split("\t", 9)[8]?.split(":") ?? []);
  if (!formats.some((ids) => ids.includes("LGT")) || formats.some((ids) => ids.includes("GT"))) return;
  throw new WorkspaceError({
    code: "source",
    message: "the calls are local (LGT): the file has no GT, which names the alleles of the record",
    hint: "Write the file with GT, for example in Hail with hl.vds.lgt_to_gt(mt.LGT, mt.LA).",
    at: path,
  });
}

/** The build of all of them. One that does not say leaves it open: it is held against the modules' positions. */
export function buildOf(heads: readonly VcfHead[]): BuildEvidence {
  const [first] = heads;
  if (first === undefined || heads.length === 1)
    return first?.build ?? { detected: null, how: "there is no file" };
  const silent = heads.find(({ build }) => build.detected === null);
  const others = namesInShort(heads.map(({ name }) => name));
  return silent === undefined
    ? { detected: first.build.detected, how: `${first.build.how}, the same in each of ${others}` }
    : { detected: null, how: `of ${silent.name}: ${silent.build.how}` };
}

/**
 * Names of the samples that each of the files has, in the order of the first; empty when none has sample columns.
 *
 * @throws {WorkspaceError} `source` when they have no sample in common
 */
export function samplesOf(heads: readonly VcfHead[]): readonly string[] {
  const [first, ...more] = heads;
  if (first === undefined) return [];
  const common = first.header.samples.filter((name) =>
    more.every(({ header }) => header.samples.includes(name)),
  );
  if (common.length > 0 || heads.every(({ header }) => header.samples.length === 0)) return common;
  const other = heads.find(
    ({ header }) => !header.samples.some((name) => first.header.samples.includes(name)),
  );
  const told = [first, ...(other === undefined ? more : [other])];
  throw new WorkspaceError({
    code: "source",
    message: `the files have no sample in common: ${told.map((head) => columnsOf(head)).join(", ")}`,
    hint: "Files of several people are added one by one. If these are of one person, give the sample one name in all of them, for example with bcftools reheader.",
    at: (other ?? first).path,
  });
}

function columnsOf({ name, header: { samples } }: VcfHead): string {
  return `${name} has ${samples.length === 0 ? "none" : namesInShort(samples)}`;
}

/** What the headers state together: a field that two declare in two ways gets the wider type. */
export function headerOf(heads: readonly VcfHead[]): Pick<VcfHeader, "info" | "format" | "samples"> {
  const headers = heads.map(({ header }) => header);
  return {
    info: together(headers.flatMap(({ info }) => info)),
    format: together(headers.flatMap(({ format }) => format)),
    samples: headers[0]?.samples ?? [],
  };
}

function together(lines: readonly FieldLine[]): readonly FieldLine[] {
  const found = new Map<string, FieldLine>();
  for (const line of lines) {
    const before = found.get(line.id);
    found.set(line.id, before === undefined ? line : wider(before, line));
  }
  return [...found.values()];
}

function wider(a: FieldLine, b: FieldLine): FieldLine {
  const numbers = new Set(["Integer", "Float"]);
  const ofBoth = numbers.has(a.type) && numbers.has(b.type) ? "Float" : "String";
  return {
    id: a.id,
    number: a.number === b.number ? a.number : ".",
    type: a.type === b.type ? a.type : ofBoth,
  };
}

/** The programs that called them; null when no header says. */
export function callerOf(heads: readonly VcfHead[]): string | null {
  const callers = new Set(heads.flatMap(({ header }) => header.caller ?? []));
  return callers.size === 0 ? null : [...callers].join("; ");
}

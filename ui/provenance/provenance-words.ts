import { count } from "#protocol/numerals.ts";
import type { Provenance } from "#protocol/provenance.ts";

import type { RecordLine } from "../cells/record-words.ts";
import { moment, shortHash } from "../words/numbers.ts";

/** The first digits of a mark, as it stands beside a figure. */
export function markText(mark: string): string {
  return `made #${mark.slice(0, 8)}`;
}

/** Everything a provenance says, in the order a reader asks. */
export function provenanceLines(mark: string, provenance: Provenance): RecordLine[] {
  const { madeAt, rows, data, engine, engineOfRun, sample } = provenance;
  const lines: [term: string, values: (string | null)[]][] = [
    ["mark", [mark]],
    ["cell", [`${provenance.cell} · ${provenance.kind}`]],
    ["sample", [sample]],
    ["made", [madeAt === null ? "when it is looked at" : moment(madeAt)]],
    ["rows", [rows === null ? null : count(rows)]],
    ["code", [shortHash(provenance.code)]],
    ["data", [data === null ? null : shortHash(data)]],
    [
      "inputs",
      provenance.inputs.map(({ name, data: version, code }) =>
        version === null ? `${name} (cell ${shortHash(code ?? "")})` : `${name} ${shortHash(version)}`,
      ),
    ],
    ["values", provenance.values.map((value) => JSON.stringify(value))],
    [
      "modules",
      provenance.modules.map(({ name, version, digest }) =>
        [name, version, shortHash(digest)].filter((part) => part !== null).join(" "),
      ),
    ],
    ["reference", [...provenance.references]],
    ["engine", [engine, engineOfRun === true ? "chosen for its run" : null]],
    ["software", [provenance.software]],
  ];
  return lines
    .map(([term, values]) => ({ term, values: [...new Set(values.filter((value) => value !== null))] }))
    .filter((line) => line.values.length > 0);
}

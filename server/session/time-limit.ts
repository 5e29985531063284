import type { AssetDefinition } from "#graph/definition.ts";
import type { ErrorInfo } from "#protocol/error.ts";

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** What a timer can wait for, 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** How long an asset may take to be made, in milliseconds, by `timeout=90s`, `10m` or `2h` after its name; null: as long as it does. */
export function timeLimit({ cell }: Pick<AssetDefinition, "cell">): number | null {
  const { number, unit } =
    /^(?<number>\d+)(?<unit>[smh])$/.exec(cell.attributes["timeout"] ?? "")?.groups ?? {};
  const limit = Number(number) * (UNITS[unit ?? ""] ?? Number.NaN);
  return limit > 0 && limit <= LONGEST_MS ? limit : null;
}

/** What is wrong with a `timeout=`; null when nothing is. */
export function timeLimitProblem(definition: Pick<AssetDefinition, "cell">): ErrorInfo | null {
  const written = definition.cell.attributes["timeout"];
  if (written === undefined || timeLimit(definition) !== null) return null;
  return {
    code: "notebook",
    message: `not a time that it may take: timeout=${written}`,
    hint: "Write a whole number and s, m or h, such as 90s, 10m or 2h.",
  };
}

/** Of what was stopped because it took longer. */
export function timedOut({ key, cell }: Pick<AssetDefinition, "key" | "cell">): ErrorInfo {
  return {
    code: "asset",
    message: `${key} was not made within ${cell.attributes["timeout"]}, and was stopped`,
    hint: "Give it more time, by timeout= in its first line, or less to do.",
    cell: key,
  };
}

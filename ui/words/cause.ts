import type { AssetKey } from "#protocol/ids.ts";
import type { StaleCause } from "#protocol/record.ts";

/** Names of software as their makers write them. */
const SOFTWARE: Readonly<Record<string, string>> = { duckdb: "DuckDB", polars: "Polars", karyon: "Karyon" };

/** Which of the three stale states a cell is in: by its own code, by what it reads, or by software alone. */
export type StaleKind = "stale-code" | "stale-input" | "stale-software";

export function staleKind(causes: readonly StaleCause[], asset: AssetKey): StaleKind {
  if (causes.some((cause) => cause.kind === "code" && cause.asset === asset)) return "stale-code";
  return causes.length > 0 && causes.every((cause) => cause.kind === "software")
    ? "stale-software"
    : "stale-input";
}

/**
 * What changed, in words, the one furthest upstream first; names between backticks. Causes that read the
 * same for several assets become one sentence.
 *
 * @param depth steps from the top of the graph; an asset it does not know comes last
 */
export function causeSentences(
  causes: readonly StaleCause[],
  asset: AssetKey,
  depth: ReadonlyMap<AssetKey, number>,
): string[] {
  const far = (cause: StaleCause): number => depth.get(cause.asset) ?? Number.MAX_SAFE_INTEGER;
  const ordered = causes.toSorted((a, b) => far(a) - far(b));
  const software = new Map<string, AssetKey[]>();
  const sentences: string[] = [];
  for (const cause of ordered) {
    if (cause.kind === "software") {
      software.set(cause.detail, [...(software.get(cause.detail) ?? []), cause.asset]);
    } else {
      sentences.push(cause.kind === "code" ? codeSentence(cause, asset) : inputSentence(cause));
    }
  }
  for (const [detail, assets] of software) sentences.push(softwareSentence(detail, assets, asset));
  return [...new Set(sentences)];
}

function codeSentence(cause: StaleCause & { kind: "code" }, asset: AssetKey): string {
  const what = cause.asset === asset ? "code changed" : `code of \`${cause.asset}\` changed`;
  // "source changed" says no more than "code changed".
  return cause.detail === undefined || cause.detail === "source changed" ? what : `${what}: ${cause.detail}`;
}

function inputSentence(cause: StaleCause & { kind: "input" }): string {
  const name = `\`${cause.asset}\`${cause.partition === undefined ? "" : ` of ${cause.partition}`}`;
  const detail = cause.detail === undefined ? "" : `: ${cause.detail}`;
  switch (cause.change) {
    case "added":
      return `${name} is a new input${detail}`;
    case "removed":
      return `${name} is no longer an input${detail}`;
    case "changed":
      return `${name} changed${detail}`;
  }
}

function softwareSentence(detail: string, assets: readonly AssetKey[], asset: AssetKey): string {
  const words = detail.replace(/^\w+/, (name) => SOFTWARE[name] ?? name);
  const others = assets.filter((name) => name !== asset).map((name) => `\`${name}\``);
  return others.length === 0 ? words : `${words}, which made ${others.join(", ")}`;
}

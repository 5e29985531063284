import { WorkspaceError } from "#protocol/error.ts";
import { WHOLE } from "#protocol/ids.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import type { AssetStatus } from "#protocol/record.ts";

import type { AssetDefinition } from "./definition.ts";
import { matchesGlob } from "./glob.ts";
import type { Graph } from "./graph.ts";
import { nearest, nearHint } from "./nearest.ts";

/**
 * Selects assets by a text:
 *
 *     asset · +asset (with all upstream) · asset+ (downstream) · 2+asset+1 (so many steps) · glob_*
 *     key:a* · kind:sql · notebook:a.md · tag:rare and group:heart (`tags="rare, draft" group=heart` in a fence)
 *     partition:anna/* (what has partitions, in those alone)
 *     status:stale, or the bare words stale missing fresh held disabled failed unknown
 *     not a · a and b · a or b (a comma is an or) · ( )
 *
 * What failed is missing or stale as well. A kind, tag, group, notebook, key or state that there is none of is refused.
 *
 * @returns keys in topological order
 * @throws {WorkspaceError} `usage` with the column of what is off, and for a name that selects nothing
 */
export function select(
  text: string,
  graph: Graph,
  { statuses = new Map(), failed = new Set(), partition = WHOLE }: Partial<Standing> = {},
): AssetKey[] {
  const chosen = new Parser(text, graph, { statuses, failed, partition }).parse();
  return graph.order.filter((key) => chosen.has(key));
}

/** How the assets of a graph stand in one partition. */
export interface Standing {
  readonly partition: PartitionKey;
  readonly statuses: ReadonlyMap<AssetKey, AssetStatus>;
  /** Those that failed when they were last to be made. */
  readonly failed: ReadonlySet<AssetKey>;
}

/** Whether what a text selects depends on the states that assets are in. */
export function asksForStates(text: string): boolean {
  return [...text.matchAll(TOKEN)].some(([token]) => {
    const name = TERM.exec(token)?.groups?.["name"] ?? "";
    return STATES.has(name) || name.startsWith("status:");
  });
}

type Chosen = ReadonlySet<AssetKey>;

interface Token {
  readonly text: string;
  /** 1-based. */
  readonly column: number;
}

const TOKEN = /[(),]|[^\s(),]+/g;
const TERM = /^(?:(?<up>\d*)\+)?(?<name>[^+]+)(?:\+(?<down>\d*))?$/;
const STATES: ReadonlySet<string> = new Set([
  "missing",
  "fresh",
  "stale",
  "held",
  "disabled",
  "unknown",
  "failed",
  "running",
]);

/** `not` and `(` inside one another: each takes some of the stack. */
const MOST_NESTED = 100;
/** Words that a hint names. */
const MOST_NAMED = 12;

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #graph: Graph;
  readonly #standing: Standing;
  #at = 0;
  #nested = 0;

  constructor(text: string, graph: Graph, standing: Standing) {
    this.#text = text;
    this.#tokens = [...text.matchAll(TOKEN)].map((match) => ({ text: match[0], column: match.index + 1 }));
    this.#graph = graph;
    this.#standing = standing;
  }

  parse(): Chosen {
    const chosen = this.#or();
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw this.#error(`unexpected ${rest.text}`, rest.column);
    return chosen;
  }

  #or(): Chosen {
    let left = this.#and();
    while (this.#accept("or", ",")) left = new Set([...left, ...this.#and()]);
    return left;
  }

  #and(): Chosen {
    let left = this.#not();
    while (this.#accept("and")) left = keep(left, this.#not(), true);
    return left;
  }

  #not(): Chosen {
    if (this.#accept("not")) {
      const behind = this.#nest(() => this.#not());
      return keep(new Set(this.#graph.order), behind, false);
    }
    if (!this.#accept("(")) return this.#term();
    const inner = this.#nest(() => this.#or());
    if (!this.#accept(")")) throw this.#error("a ) is missing", this.#text.length + 1);
    return inner;
  }

  #nest(parse: () => Chosen): Chosen {
    this.#nested++;
    if (this.#nested > MOST_NESTED)
      throw this.#error("nested too deeply", this.#tokens[this.#at - 1]?.column ?? 1);
    const chosen = parse();
    this.#nested--;
    return chosen;
  }

  #term(): Chosen {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#error("the selection ends too early", this.#text.length + 1);
    this.#at++;
    const groups = TERM.exec(token.text)?.groups;
    const name = groups?.["name"];
    if (name === undefined) throw this.#error(`not a selection: ${token.text}`, token.column);
    const chosen = this.#named(name, token.column);
    const { up, down } = groups ?? {};
    const above =
      up === undefined ? chosen : this.#reach(chosen, up, (key) => this.#graph.assets.get(key)?.inputs);
    const below =
      down === undefined ? chosen : this.#reach(chosen, down, (key) => this.#graph.downstream.get(key));
    return new Set([...above, ...below]);
  }

  #named(name: string, column: number): Chosen {
    const colon = name.indexOf(":");
    if (colon > 0) return this.#byField(name.slice(0, colon), name.slice(colon + 1), column);
    if (STATES.has(name)) return this.#byField("status", name, column);
    const chosen = new Set(this.#graph.order.filter((key) => matchesGlob(name, key)));
    if (chosen.size > 0) return chosen;
    const near = nearest<string>(name, [...this.#graph.order, ...STATES]);
    throw this.#error(
      `no asset: ${name}`,
      column,
      near === null ? undefined : `Write ${near} if that is what you mean.`,
    );
  }

  #byField(field: string, value: string, column: number): Chosen {
    const { statuses, failed, partition } = this.#standing;
    const fields: Record<string, (definition: AssetDefinition) => readonly string[]> = {
      key: (definition) => [definition.key],
      kind: (definition) => [definition.kind],
      tag: ({ cell }) => words(cell.attributes["tags"]),
      group: ({ cell }) => words(cell.attributes["group"]),
      notebook: (definition) => [definition.place.notebook ?? ""],
      partition: ({ partitioned }) => (partitioned && partition !== WHOLE ? [partition] : []),
      status: ({ key }) => [statuses.get(key)?.state ?? "unknown", ...(failed.has(key) ? ["failed"] : [])],
    };
    const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (read === undefined) {
      throw this.#error(`no such field: ${field}`, column, `Use one of ${Object.keys(fields).join(", ")}.`);
    }
    const chosen = this.#graph.order.filter((key) => {
      const definition = this.#graph.assets.get(key);
      return definition !== undefined && read(definition).some((text) => matchesGlob(value, text));
    });
    if (chosen.length === 0) this.#requireKnown(field, value, column, read);
    return new Set(chosen);
  }

  /** A state that no asset is in, or another sample, selects nothing; a word that nothing has is a mistake. */
  #requireKnown(
    field: string,
    value: string,
    column: number,
    read: (definition: AssetDefinition) => readonly string[],
  ): void {
    const definitions = [...this.#graph.assets.values()];
    const known = field === "status" ? [...STATES] : [...new Set(definitions.flatMap((one) => read(one)))];
    if (field === "partition" || known.some((word) => matchesGlob(value, word))) return;
    throw this.#error(
      `no ${field === "key" ? "asset" : field}: ${value}`,
      column,
      known.length === 0
        ? `No asset has a ${field}.`
        : nearHint(value, known, `There are ${known.toSorted().slice(0, MOST_NAMED).join(", ")}.`),
    );
  }

  #reach(from: Chosen, steps: string, next: (key: AssetKey) => readonly AssetKey[] | undefined): Chosen {
    const reached = new Set(from);
    let edge = [...from];
    for (let left = steps === "" ? Infinity : Number(steps); left > 0 && edge.length > 0; left--) {
      edge = edge.flatMap((key) => next(key) ?? []).filter((key) => !reached.has(key));
      for (const key of edge) reached.add(key);
    }
    return reached;
  }

  #accept(...words: string[]): boolean {
    const token = this.#tokens[this.#at];
    if (token === undefined || !words.includes(token.text)) return false;
    this.#at++;
    return true;
  }

  #error(message: string, column: number, hint?: string): WorkspaceError {
    return new WorkspaceError({
      code: "usage",
      message: `selection column ${column}: ${message}`,
      hint: hint ?? "Write an asset's name, +name for all it is made from, name+ for all made from it.",
    });
  }
}

/** `rare, draft` → `rare` and `draft`. */
function words(text = ""): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== "");
}

/** The members of `from` that are in `other`, or those that are not. */
function keep(from: Chosen, other: Chosen, inside: boolean): Chosen {
  return new Set([...from].filter((key) => other.has(key) === inside));
}

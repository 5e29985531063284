import { WorkspaceError } from "#protocol/error.ts";
import type { AssetKey } from "#protocol/ids.ts";

import { ENGINE_OF_RUN } from "./definition.ts";
import type { AssetDefinition } from "./definition.ts";
import { upstreamClosure } from "./graph.ts";
import type { Graph } from "./graph.ts";

/**
 * The engine that a run chose. What is missing or stale is made on it, where its cell takes a choice; of what is fresh
 * and was made on another, that alone which was selected: what it is made from stays as it is.
 *
 * The code version of what is made so is that of its cell with the engine of the run beside it, and with that it is
 * compared: it is fresh until its text, its inputs or one of the engines change. So a later run that chooses nothing
 * leaves it, and the record says who made it; to have it from the cell's own engine again, a run names that one. What
 * is made again without a choice is made on the cell's own.
 */
export interface RunEngine {
  readonly name: string;
  readonly selected: ReadonlySet<AssetKey>;
}

type Choosing = Pick<AssetDefinition, "engine">;

/** Assets that a question lists: there may be many. */
const ASSETS_NAMED = 8;

/**
 * The choice of a run that makes `targets`.
 *
 * @throws {WorkspaceError} `usage` for an engine that no cell knows, and when there are targets and neither they nor what
 *   they are made from can run on it
 */
export function runEngine(name: string, graph: Graph, targets: readonly AssetKey[]): RunEngine {
  const definitions = [...graph.assets.values()];
  const names = new Set(definitions.flatMap(({ engine }) => Object.keys(engine?.versions ?? {})));
  if (names.size > 0 && !names.has(name)) {
    throw new WorkspaceError({
      code: "usage",
      message: `no such engine: ${name}`,
      hint: `There are ${[...names].join(", ")}.`,
    });
  }
  const isInVain = !upstreamClosure(graph, targets).some((key) => takes(graph.assets.get(key), name));
  // A selection by state, such as `stale`, may be of nothing: then nothing is made, and that is no mistake.
  if (targets.length > 0 && isInVain) {
    const others = definitions.filter((definition) => takes(definition, name)).map(({ key }) => key);
    const shown = others.slice(0, ASSETS_NAMED).join(", ");
    throw new WorkspaceError({
      code: "usage",
      message: `nothing of this can run on ${name}: ${targets.join(", ")}`,
      hint:
        others.length === 0
          ? "Leave the engine out: no cell here takes a choice of it."
          : `Leave the engine out, or select what takes a choice of it: ${shown}${others.length > ASSETS_NAMED ? ", …" : ""}.`,
    });
  }
  return { name, selected: new Set(targets) };
}

/** Whether an engine is one that an asset can be made on. */
function takes(definition: Choosing | undefined, name: string): boolean {
  return Object.hasOwn(definition?.engine?.versions ?? {}, name);
}

/** The engine that an asset is made on instead of its cell's own when `name` is chosen; null: its own. */
export function engineInstead(definition: Choosing, name: string | null): string | null {
  return name !== null && takes(definition, name) && definition.engine?.own !== name ? name : null;
}

/** The engine, if not its cell's own, by which an asset is judged fresh: that of the run, or the one it was made on. */
export function engineExpected(
  definition: Choosing & Pick<AssetDefinition, "key">,
  madeOn: string | null,
  run: RunEngine | null,
): string | null {
  const isChosen = run !== null && run.selected.has(definition.key) && takes(definition, run.name);
  return engineInstead(definition, isChosen ? run.name : madeOn);
}

/** What an asset depends on when it is made on an engine instead of its cell's own. */
export function partsOn(
  { engine }: Choosing,
  parts: Readonly<Record<string, string>>,
  instead: string | null,
): Readonly<Record<string, string>> {
  const version = instead === null ? undefined : engine?.versions[instead];
  // The own one stays: its schema is what the other keeps to.
  return version === undefined ? parts : { ...parts, [ENGINE_OF_RUN]: `${instead} ${version}` };
}

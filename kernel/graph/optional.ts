import type { AssetKey } from "#protocol/ids.ts";

import type { Graph } from "./graph.ts";

/**
 * The graph without the optional inputs that are not made: nothing waits for them, and nothing makes them. Gives the
 * same graph when there are none.
 */
export function withoutUnmade(graph: Graph, isMade: (asset: AssetKey) => boolean): Graph {
  const dropped = [...graph.assets.values()].flatMap(({ key, optional }) =>
    optional.filter((input) => !isMade(input)).map((input) => ({ key, input })),
  );
  if (dropped.length === 0) return graph;
  const drops = (key: AssetKey, input: AssetKey): boolean =>
    dropped.some((one) => one.key === key && one.input === input);
  return {
    ...graph,
    assets: new Map(
      [...graph.assets].map(([key, definition]) => [
        key,
        { ...definition, inputs: definition.inputs.filter((input) => !drops(key, input)) },
      ]),
    ),
    downstream: new Map(
      [...graph.downstream].map(([input, keys]) => [input, keys.filter((key) => !drops(key, input))]),
    ),
  };
}

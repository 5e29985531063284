import type { QueryValue } from "#protocol/messages.ts";
import type { CellView } from "#protocol/view.ts";

import { namedVariable } from "./definitions.ts";
import type { Outputs } from "./outputs.ts";
import { queryValue } from "./query-values.ts";

/** What the `${}` of live SQL stand at now, by cell; one that is still computed is not in it. */
export function standingValues(
  cells: readonly CellView[],
  outputs: Outputs,
): Record<string, readonly QueryValue[]> {
  const live = cells.filter(({ language, asset }) => language === "sql" && asset === null);
  return Object.fromEntries(
    live.flatMap(({ id }) => {
      const output = outputs.value(`values:${id}`);
      return output?.kind === "variable" ? [[id, output.value as readonly QueryValue[]]] : [];
    }),
  );
}

/** What inputs stand at now, by cell; one whose value is no text, number or list of those is not in it. */
export function standingInputs(cells: readonly CellView[], outputs: Outputs): Record<string, QueryValue> {
  return Object.fromEntries(
    cells.flatMap(({ id, name, language }) => {
      const output = language === "input" && name !== null ? outputs.value(namedVariable(name)) : null;
      if (output?.kind !== "variable") return [];
      try {
        return [[id, queryValue(output.value)]];
      } catch {
        return [];
      }
    }),
  );
}

import type { AutomationView } from "#protocol/view.ts";

import { moment } from "./numbers.ts";

/** When an asset is made by itself, in a sentence. */
export function automationWords({ policy, next }: AutomationView): string {
  if (policy === "eager") return "Made by itself, for every sample, whenever it is not fresh";
  if (policy === "lazy") return "Made while this notebook is open, for the sample that is shown";
  return `Made at its times while Karyon runs, if it is not fresh then${next === undefined ? "" : `; next ${moment(next)}`}`;
}

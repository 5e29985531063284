import { nearHint } from "#graph/nearest.ts";
import type { AssetDefinition } from "#graph/definition.ts";
import type { ErrorInfo } from "#protocol/error.ts";
import type { AutomationView } from "#protocol/view.ts";

import { cronProblem, nextTime } from "./cron.ts";

/**
 * When an asset is made: `manual` when somebody asks for it or for what is made from it, `lazy` also while a page shows
 * its notebook (for the sample that it shows), `eager` whenever it is not fresh (for every sample), `cron` at times, if
 * it is not fresh then.
 */
export type Policy =
  | { readonly kind: "manual" | "lazy" | "eager" }
  | { readonly kind: "cron"; readonly expression: string };

const WORDS = ["manual", "lazy", "eager"] as const;
const CRON = /^cron\s+(?<expression>.*)$/s;

/** By `auto=` after its name; what says nothing, and what is observed from outside, is manual. */
export function policyOf({ cell, external }: Pick<AssetDefinition, "cell" | "external">): Policy {
  const word = cell.attributes["auto"];
  if (word === undefined || external) return { kind: "manual" };
  const expression = CRON.exec(word)?.groups?.["expression"]?.trim();
  if (expression !== undefined) return { kind: "cron", expression };
  return { kind: WORDS.find((one) => one === word) ?? "manual" };
}

/** As cells and commands tell it; null for what is manual. */
export function automationView(
  definition: Pick<AssetDefinition, "cell" | "external" | "error">,
  now: Date,
): AutomationView | null {
  const policy = policyOf(definition);
  if (policy.kind === "manual" || definition.error !== null) return null;
  if (policy.kind !== "cron") return { policy: policy.kind };
  const next = nextTime(policy.expression, now);
  return { policy: `cron ${policy.expression}`, ...(next === null ? {} : { next: next.toISOString() }) };
}

/** What is wrong with an `auto=`; null when nothing is. `now`: a time has to come after it. */
export function policyProblem(word: string | undefined, now: Date): ErrorInfo | null {
  const expression = word === undefined ? undefined : CRON.exec(word)?.groups?.["expression"]?.trim();
  if (expression !== undefined) {
    const problem = cronProblem(expression, now);
    return problem === null
      ? null
      : {
          code: "notebook",
          message: `not a time to be made at: ${expression}: ${problem}`,
          hint: 'Write minute, hour, day of the month, month and day of the week, such as auto="cron 0 3 * * *".',
        };
  }
  if (word === undefined || WORDS.some((one) => one === word)) return null;
  return {
    code: "notebook",
    message: `not a way to be made: auto=${word}`,
    hint: nearHint(word, WORDS, 'Write manual, lazy, eager, or such as auto="cron 0 3 * * *".'),
  };
}

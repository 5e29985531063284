import { useEffect, useState } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";

import { askVerb } from "../connection/verbs.ts";

export type Asked<Result> =
  | { readonly kind: "asking" }
  | { readonly kind: "there"; readonly result: Result }
  | { readonly kind: "failed"; readonly error: ErrorInfo };

const ASKING = { kind: "asking" } as const;

/**
 * The result of a verb, asked again whenever `since` or a parameter changes. While it is asked with other parameters
 * there is none: that of before answers another question.
 */
export function useVerb<Result>(
  name: string,
  since: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Asked<Result> {
  const words = JSON.stringify(parameters);
  const [asked, setAsked] = useState<{ readonly words: string; readonly answer: Asked<Result> } | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const result = await askVerb<Result>(
          name,
          JSON.parse(words) as Record<string, unknown>,
          abort.signal,
        );
        if (!abort.signal.aborted) setAsked({ words, answer: { kind: "there", result } });
      } catch (error) {
        if (!abort.signal.aborted) setAsked({ words, answer: { kind: "failed", error: errorInfo(error) } });
      }
    };
    void ask();
    return () => abort.abort();
    // `since` is no input of the verb: it says when its answer is old.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [name, since, words]);
  return asked?.words === words ? asked.answer : ASKING;
}

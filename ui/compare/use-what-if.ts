import { useEffect, useRef, useState } from "react";

import type { ErrorInfo } from "#protocol/error.ts";
import { errorInfo } from "#protocol/error.ts";
import type { AssetKey, PartitionKey } from "#protocol/ids.ts";
import { NO_THRESHOLDS } from "#protocol/what-if.ts";
import type { ForkChanges, MatchedRow, ModuleEdit, WhatIf } from "#protocol/what-if.ts";

import { askVerb } from "../connection/verbs.ts";

/** From the last key to the question: a person who drags asks once. */
const SETTLE_MS = 150;

/** What the server is told by a dialog that was left: who opens it again is answered after that. */
let leaving: Promise<unknown> = Promise.resolve();

export interface Fork {
  /** What the server holds, until that is known nothing. */
  readonly changes: ForkChanges;
  /** The last answer; it stays while the next is on its way. */
  readonly answer: WhatIf | null;
  readonly error: ErrorInfo | null;
  readonly asking: boolean;
  readonly change: (changes: ForkChanges) => void;
}

export const NOTHING: ForkChanges = { edits: [], thresholds: NO_THRESHOLDS };

/** How many things a fork changes. */
export function changesIn({ edits, thresholds }: ForkChanges): number {
  return edits.length + Object.values(thresholds).filter((value) => value !== null).length;
}

/** A fork of modules, asked about whenever it changes. The server holds it, so that it is there again after a reload. */
export function useWhatIf(asset: AssetKey, partition: PartitionKey): Fork {
  const [changes, setChanges] = useState<ForkChanges | null>(null);
  const [answer, setAnswer] = useState<WhatIf | null>(null);
  const [error, setError] = useState<ErrorInfo | null>(null);
  const [asking, setAsking] = useState(true);
  /** What the server does not hold yet. */
  const untold = useRef<ForkChanges | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      setAsking(true);
      try {
        await leaving;
        const result = await askVerb<WhatIf>("what-if", { asset, partition, ...changes }, abort.signal);
        if (abort.signal.aborted) return;
        if (untold.current === changes) untold.current = null;
        setAnswer(result);
        setError(null);
      } catch (caught) {
        if (abort.signal.aborted) return;
        setError(errorInfo(caught));
      }
      setAsking(false);
    };
    const timer = setTimeout(() => void ask(), changes === null ? 0 : SETTLE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asset, partition, changes]);
  // Left before it was asked: the fork is as it was left.
  useEffect(
    () => () => {
      if (untold.current === null) return;
      leaving = askVerb("what-if", { asset, partition, ...untold.current }).catch(() => {});
    },
    [asset, partition],
  );
  const change = (next: ForkChanges): void => {
    untold.current = next;
    setChanges(next);
  };
  const held = answer === null ? NOTHING : { edits: answer.edits, thresholds: answer.thresholds };
  return { changes: changes ?? held, answer, error, asking, change };
}

/** The edits with one more; a value that is what stands is no edit. */
export function withEdit(
  edits: readonly ModuleEdit[],
  row: MatchedRow,
  column: ModuleEdit["column"],
  value: string,
): ModuleEdit[] {
  const { module, variant, genotype } = row;
  const others = edits.filter((edit) => !isEdit(edit, row, column));
  const same = value === (row[column] === null ? "" : String(row[column]));
  return same ? others : [...others, { module, variant, genotype, column, value }];
}

/** The value of a row in the fork. */
export function valueIn(edits: readonly ModuleEdit[], row: MatchedRow, column: ModuleEdit["column"]): string {
  const edit = edits.find((one) => isEdit(one, row, column));
  return edit?.value ?? (row[column] === null ? "" : String(row[column]));
}

function isEdit(edit: ModuleEdit, row: MatchedRow, column: ModuleEdit["column"]): boolean {
  return (
    edit.module === row.module &&
    edit.variant === row.variant &&
    edit.genotype === row.genotype &&
    edit.column === column
  );
}

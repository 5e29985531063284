import type { ReactNode } from "react";

/** A sentence of ours in which names stand between backticks. */
export function Marked({ text }: { readonly text: string }): ReactNode {
  return text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? <code key={`${index} ${part}`}>{part}</code> : part));
}

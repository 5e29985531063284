import type { ReactNode } from "react";

import type { StateName } from "../state/cell-state.ts";
import { STATE_LOOKS } from "../state/cell-state.ts";

/** The shape of each state, in a box of 14 by 14. A shape is of one state alone: colour only repeats it. */
const SHAPES: Readonly<Record<StateName, ReactNode>> = {
  missing: <circle cx="7" cy="7" r="4.6" className="line" />,
  fresh: <circle cx="7" cy="7" r="5" className="fill" />,
  cached: (
    <>
      <path d="M7 1.4 12.6 7 7 12.6 1.4 7Z" className="line" />
      <path d="M7 4.4 9.6 7 7 9.6 4.4 7Z" className="fill" />
    </>
  ),
  observed: <path d="M7 1.6 12.4 7 7 12.4 1.6 7Z" className="fill" />,
  "stale-code": half(),
  "stale-input": half(),
  "stale-software": half(),
  held: <path d="M4.6 2.4v9.2M9.4 2.4v9.2" className="cross" />,
  disabled: (
    <>
      <circle cx="7" cy="7" r="5" className="line" />
      <path d="m3.6 10.4 6.8-6.8" className="line" />
    </>
  ),
  unknown: <circle cx="7" cy="7" r="4.6" className="line dashed" />,
  queued: <path d="M2.6 7h.01M7 7h.01M11.4 7h.01" className="dots" />,
  running: ring(),
  streaming: <path d="M1.8 3 6.8 7l-5 4ZM7.4 3l5 4-5 4Z" className="fill" />,
  stopping: <rect x="2.8" y="2.8" width="8.4" height="8.4" rx="1.4" className="line" />,
  offline: <path d="M2 9.5 5 5l4 4.6L12 5" className="line" />,
  cancelled: <rect x="2.8" y="2.8" width="8.4" height="8.4" rx="1.4" className="fill" />,
  failed: <path d="m3 3 8 8m0-8-8 8" className="cross" />,
  untrusted: (
    <>
      <path d="M7 1.8 12.8 12H1.2Z" className="line" />
      <path d="M7 5.6v3M7 10.4h.01" className="line" />
    </>
  ),
  past: (
    <>
      <circle cx="7" cy="7" r="5" className="line" />
      <path d="M7 4v3l2.2 1.6" className="line" />
    </>
  ),
  absent: (
    <>
      <circle cx="7" cy="7" r="4.6" className="line dashed" />
      <path d="M7 7h.01" className="dots" />
    </>
  ),
  killed: (
    <>
      <path d="M7 1.8a4.6 4.6 0 0 0-2.6 8.4v2h5.2v-2A4.6 4.6 0 0 0 7 1.8Z" className="line" />
      <path d="M5.3 6.6h.01M8.7 6.6h.01" className="dots" />
    </>
  ),
  blocked: (
    <>
      <circle cx="7" cy="7" r="5.2" className="line" />
      <path d="m5 5 4 4m0-4-4 4" className="line" />
    </>
  ),
};

export function StateMark({ state }: { readonly state: StateName }): ReactNode {
  return (
    <svg
      className={`mark tone-${STATE_LOOKS[state].tone}`}
      data-mark={state}
      viewBox="0 0 14 14"
      width="14"
      height="14"
      aria-hidden="true"
    >
      {SHAPES[state]}
    </svg>
  );
}

function half(): ReactNode {
  return (
    <>
      <circle cx="7" cy="7" r="4.8" className="line" />
      <path d="M7 2.2a4.8 4.8 0 0 1 0 9.6Z" className="fill" />
    </>
  );
}

function ring(): ReactNode {
  return (
    <>
      <circle cx="7" cy="7" r="4.8" className="track" />
      <path d="M7 2.2a4.8 4.8 0 0 1 4.8 4.8" className="line spin" />
    </>
  );
}

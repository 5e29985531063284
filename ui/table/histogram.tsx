import type { ReactNode } from "react";

import { count } from "#protocol/numerals.ts";

import { decimal } from "../words/numbers.ts";

interface Props {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly width: number;
  readonly height: number;
}

/** The least height of a bar that counts something: a rare value is seen. */
const LEAST_BAR_PX = 1.5;

/** Bars of counts; the numbers are in the text beside it. */
export function Histogram({ edges, counts, width, height }: Props): ReactNode {
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      aria-hidden="true"
    >
      {counts.map((value, index) => {
        const bar = value === 0 ? 0 : Math.max(LEAST_BAR_PX, (value / most) * height);
        const gap = Math.min(1, step / 4);
        return (
          <rect
            key={edges[index] ?? index}
            x={index * step}
            y={height - bar}
            width={Math.max(0.5, step - gap)}
            height={bar}
          >
            <title>{`${decimal(edges[index] ?? 0)} to ${decimal(edges[index + 1] ?? 0)}: ${count(value)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options?: { readonly type: "minor" }) => void;

/** All that this process holds is gone through one time in so many: the more that is, the longer it takes. */
const TURNS = 4;

let collect: Collect | null = null;
let turn = 0;

/**
 * Gives the memory of frames that nobody holds back now. V8 sees handles of a few bytes and would wait: a join of
 * 25 contigs then held all of them, 1.6 GB where 0.6 do.
 */
export function freeFrames(): void {
  collector()();
}

/** The same for those alone that were made a moment ago, in less than a millisecond. */
export function freeLastFrames(): void {
  collector()({ type: "minor" });
}

/**
 * The same, and {@link freeFrames} every few times: work of some frames ends while other work goes on, whose frames are
 * then seen alive.
 */
export function freeMostFrames(): void {
  turn = (turn + 1) % TURNS;
  if (turn === 0) freeFrames();
  else freeLastFrames();
}

/** Gives back what {@link freeMostFrames} may have left. */
export function freeLeftFrames(): void {
  if (turn !== 0) freeFrames();
  turn = 0;
}

function collector(): Collect {
  if (collect === null) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as Collect;
  }
  return collect;
}

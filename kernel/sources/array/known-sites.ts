import type { BuildEvidence } from "#protocol/annotation.ts";

const BUILDS = ["NCBI36", "GRCh37", "GRCh38"] as const;

/**
 * Positions, 1-based, of variants that nearly every array has, on {@link BUILDS} in this order.
 *
 * Source: dbSNP.
 */
const POSITIONS: ReadonlyMap<string, readonly [number, number, number]> = new Map([
  ["rs3094315", [742429, 752566, 817186]],
  ["rs1801133", [11778965, 11856378, 11796321]],
  ["rs4988235", [136325116, 136608646, 135851076]],
  ["rs53576", [8779371, 8804371, 8762685]],
  ["rs6265", [27636492, 27679916, 27658369]],
  ["rs1815739", [66084671, 66328095, 66560624]],
  ["rs1800497", [112776038, 113270828, 113400106]],
  ["rs12913832", [26039213, 28365618, 28120472]],
  ["rs1426654", [46213776, 48426484, 48134287]],
  ["rs429358", [50103781, 45411941, 44908684]],
  ["rs7412", [50103919, 45412079, 44908822]],
  ["rs4680", [18331271, 19951271, 19963748]],
]);

/** Finds out by some well-known variants which build the positions of a file are on. */
export class KnownSites {
  #seen = 0;
  readonly #agreeing = BUILDS.map(() => 0);

  add(rsid: string, position: number): void {
    const places = POSITIONS.get(rsid);
    if (places === undefined) return;
    this.#seen += 1;
    for (const [index, place] of places.entries()) {
      if (place === position) this.#agreeing[index] = (this.#agreeing[index] ?? 0) + 1;
    }
  }

  /** `stated`, where it names a build; else the one that more than half of the known variants speak for, if any. */
  build(stated: BuildEvidence): BuildEvidence {
    if (stated.detected !== null || this.#seen === 0) return stated;
    const index = this.#agreeing.findIndex((count) => count * 2 > this.#seen);
    const counted = `${this.#agreeing[index] ?? 0} of ${this.#seen} well-known variants`;
    return index < 0
      ? { detected: null, how: `${stated.how}, and the positions of well-known variants fit none` }
      : { detected: BUILDS[index] ?? null, how: `by the positions of ${counted}; ${stated.how}` };
  }
}

/** How rows lie on the contigs that they are on, where they come in order. */
@final
export class Spread {
  /** Of each contig, in the order in which they came: distinct positions, */
  readonly positions: i32[] = [];
  /** bases from the first to the last of them, */
  readonly spans: f64[] = [];
  /** and those bases without what is too far from either neighbour: see {@link reach}. */
  readonly nears: f64[] = [];
  /** Of a step from one position to the next, no more bases than this are near them. */
  reach: i32 = 0;
  private pos: i32 = 0;

  /** Takes the next row. `place`: of its contig, among those that came. */
  take(place: i32, pos: i32): void {
    if (place < this.positions.length) {
      const step = pos - this.pos;
      if (step !== 0) {
        unchecked((this.positions[place] += 1));
        unchecked((this.spans[place] += step as f64));
        unchecked((this.nears[place] += min(step, this.reach) as f64));
      }
    } else {
      this.positions.push(1);
      this.spans.push(0);
      this.nears.push(0);
    }
    this.pos = pos;
  }
}

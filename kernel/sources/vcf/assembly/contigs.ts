import { foldContig } from "./host";
import { Stretch } from "./memory";
import { Texts } from "./texts";

/** Contigs as records name them, by the number of their folded name: two spellings of one contig are one. */
@final
export class Contigs {
  readonly names: Texts = new Texts();
  private readonly spellings: Texts = new Texts();
  /** Number of the name of each spelling. */
  private readonly named: Stretch = new Stretch(256);
  private last: i32 = -1;

  /** The contig that a text spells. `room` is where the host writes. */
  at(start: usize, end: usize, room: Stretch): i32 {
    if (this.last < 0 || !this.spellings.is(this.last, start, end)) this.take(start, end, room);
    return load<i32>(this.named.at + ((this.last as usize) << 2));
  }

  private take(start: usize, end: usize, room: Stretch): void {
    const known = this.spellings.size;
    this.last = this.spellings.find(start, end);
    if (this.last < known) return;
    const length = foldContig(start, end);
    const name = this.names.find(room.at, room.at + length);
    this.named.ensure(((known + 1) as usize) << 2, (known as usize) << 2);
    store<i32>(this.named.at + ((known as usize) << 2), name);
  }
}

/** Whether rows come in order: positions that go on, contig by contig. */
@final
export class RowOrder {
  /** Rows that lie behind the row before them, and returns to a contig after another. */
  backward: i32 = 0;
  /** Contigs in the order in which they came. */
  readonly contigs: i32[] = [];
  private contig: i32 = -1;
  private pos: i32 = 0;

  /** Counts the next row, and tells whether it lies behind. */
  isBehind(contig: i32, pos: i32): bool {
    let behind = pos < this.pos;
    if (contig !== this.contig) {
      behind = this.contigs.includes(contig);
      if (!behind) this.contigs.push(contig);
    }
    this.contig = contig;
    this.pos = pos;
    if (behind) this.backward += 1;
    return behind;
  }
}

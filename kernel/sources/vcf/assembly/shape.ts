import { FORMAT } from "../codes";
import { NO_INTEGER, wholePartAt } from "./numbers";
import { SampleFields } from "./sample-fields";

/** What a file holds, as it is told before the first record. Fields are numbers, −1 for one that the file has not. */
@final
export class Shape {
  /** Columns of the file that are read; the last is the sample's where there is one. */
  columns: i32 = 0;
  /** Whether the file states genotypes. */
  genotypes: bool = false;
  /** Whether an INFO field becomes a column. */
  hasInfo: bool = false;
  gt: i32 = -1;
  sampleFilter: i32 = -1;
  /** The depth of the sample, and what says how sure a call is, in the order in which they are looked for. */
  readonly depths: Fields = new Fields();
  readonly blockDepths: Fields = new Fields();
  readonly qualities: Fields = new Fields();
  infoDepth: i32 = -1;
  infoEnd: i32 = -1;
  /** What a file may state in the place of an END: bases of a symbolic allele, and of a block. */
  infoLength: i32 = -1;
  blockLength: i32 = -1;

  get hasSample(): bool {
    return this.columns > FORMAT;
  }
}

/** A few fields of the sample, by number. */
@final
export class Fields {
  count: i32 = 0;
  private readonly numbers: StaticArray<i32> = new StaticArray<i32>(4);

  add(number: i32): void {
    this.numbers[this.count] = number;
    this.count += 1;
  }

  /** Whether the record has a place for any of them, be it that what stands there is missing. */
  areNamed(sample: SampleFields): bool {
    for (let i = 0; i < this.count; i += 1) if (sample.start(unchecked(this.numbers[i])) !== 0) return true;
    return false;
  }

  /** The whole part of the first that has a number; else {@link NO_INTEGER}. */
  first(sample: SampleFields): i32 {
    for (let i = 0; i < this.count; i += 1) {
      const field = unchecked(this.numbers[i]);
      const start = sample.start(field);
      if (start === 0) continue;
      const value = wholePartAt(start, sample.end(field));
      if (value !== NO_INTEGER) return value;
    }
    return NO_INTEGER;
  }
}

const TWO_32 = 2 ** 32;

/**
 * Pseudo-random numbers that are the same on every machine: sfc32 (C. Doty-Humphrey, PractRand), 128 bits
 * of state, integer arithmetic alone. No method uses a function of `Math` whose last digit is free.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** Streams of one seed are independent: what is drawn from one never moves another. */
  constructor(seed: number, stream: string) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / TWO_32) | 0;
    this.#c = hash(stream);
    for (let round = 0; round < 16; round++) this.next();
  }

  /** An integer from 0 to 2³² − 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** An integer from 0 to `limit` − 1; `limit` is from 1 to 2³². */
  below(limit: number): number {
    return Math.floor((this.next() * limit) / TWO_32);
  }

  chance(probability: number): boolean {
    return this.next() < probability * TWO_32;
  }

  /** Number of heads of `tosses` fair coins. */
  heads(tosses: number): number {
    let count = 0;
    for (let left = tosses; left > 0; left -= 32) {
      const bits = this.next();
      count += ones(left < 32 ? bits >>> (32 - left) : bits);
    }
    return count;
  }

  /** A length from 1 up: each next is half as likely, but one draw in eight is stretched fourfold; at most `longest`. */
  length(longest: number): number {
    const halvings = Math.clz32(this.next());
    const length = this.below(8) === 0 ? halvings * 4 + 1 + this.below(4) : halvings + 1;
    return Math.min(longest, length);
  }

  /** @throws {RangeError} when there is nothing to pick from */
  pick<T>(from: readonly T[]): T {
    const picked = from[this.below(from.length)];
    if (picked === undefined) throw new RangeError("nothing to pick from");
    return picked;
  }
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value | 0;
}

function ones(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

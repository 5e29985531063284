import { MASK_BITS } from "../codes";

/** Masks of one block: those that occur lie in few. */
const BLOCK_BITS: i32 = 10;
const BLOCK_BYTES: usize = 4 << BLOCK_BITS;
const BLOCKS: usize = 1 << (MASK_BITS - BLOCK_BITS);

/** Number of records of each mask. */
@final
export class MaskCounts {
  /** Where the counts of each block lie; 0 while none of its masks occurred. */
  private readonly blocks: usize = heap.alloc(BLOCKS << 2);

  constructor() {
    memory.fill(this.blocks, 0, BLOCKS << 2);
  }

  add(mask: i32): void {
    let block = this.blockOf(mask);
    if (block === 0) block = this.begin(mask);
    const at = block + placeOf(mask);
    store<u32>(at, load<u32>(at) + 1);
  }

  of(mask: i32): u32 {
    const block = this.blockOf(mask);
    return block === 0 ? 0 : load<u32>(block + placeOf(mask));
  }

  /** The first mask from one on that a record has; −1 when there is none. */
  from(mask: i32): i32 {
    for (let next = mask; next < 1 << MASK_BITS; next += 1) {
      if (this.of(next) > 0) return next;
    }
    return -1;
  }

  @inline
  private blockOf(mask: i32): usize {
    return load<u32>(this.blocks + (((mask >> BLOCK_BITS) as usize) << 2));
  }

  private begin(mask: i32): usize {
    const block = heap.alloc(BLOCK_BYTES);
    memory.fill(block, 0, BLOCK_BYTES);
    store<u32>(this.blocks + (((mask >> BLOCK_BITS) as usize) << 2), block as u32);
    return block;
  }
}

/** Of a mask in its block. */
function placeOf(mask: i32): usize {
  return ((mask & ((1 << BLOCK_BITS) - 1)) as usize) << 2;
}

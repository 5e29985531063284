/** What the reader leaves to its host: what is rare, and needs strings. Texts are `[start … end)` of this memory. */

/** The number that an unusual text spells; NaN when it spells none. */
export declare function decimal(start: usize, end: usize): f64;

/** Writes the folded name of a contig to where `room` makes room for it, and returns its length in bytes. */
export declare function foldContig(start: usize, end: usize): usize;

/** The record that is looked at is the first of its kind. */
export declare function note(finding: i32): void;

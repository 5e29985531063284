/** A Parquet file with the rows of one contig. */
export interface Shard {
  readonly chrom: string;
  /** Name inside the folder of shards. */
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** What is remembered of a reference. */
export interface ReferenceFacts {
  /** Hash of the list of shards: the same for the same bytes, wherever they lie. */
  readonly identity: string;
  readonly repo: string;
  readonly revision: string | null;
  /** Names of the columns that a join can take over; absent in records of before. */
  readonly columns?: readonly string[];
  readonly shards: readonly (Shard & { readonly rows: number })[];
}

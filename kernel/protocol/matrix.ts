/** What a matrix of genotypes remembers of its table. */
export interface MatrixCounts {
  /** Rows in which every sample has a record. */
  readonly shared: number;
  /** The sample that is shown first. */
  readonly samples: readonly SampleCounts[];
}

export interface SampleCounts {
  /** `USER/SAMPLE` */
  readonly sample: string;
  /** Records that are in its column. */
  readonly records: number;
  /** Those of them that stand behind another one in one row. */
  readonly repeated: number;
  /** Rows in which it has a record, and the files of all others have nothing. */
  readonly only: number;
}

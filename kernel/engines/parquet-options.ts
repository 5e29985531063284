/**
 * How DuckDB writes a table, in parentheses behind COPY … TO. Of Parquet's second version it takes the encodings:
 * positions need half as many bytes, and no more time.
 */
export const PARQUET_OPTIONS = "format parquet, parquet_version v2, compression zstd";

/** Where a row of a table lies, as `trace` takes it; null for a row that names neither a place nor an rsID. Pure. */
export function siteOfRow(row: Readonly<Record<string, unknown>>): string | null {
  const { chrom, start, rsid } = row;
  const position = typeof start === "bigint" ? Number(start) : start;
  if (typeof chrom === "string" && chrom !== "" && typeof position === "number")
    return `${chrom}:${position}`;
  // An ID may hold several.
  const [id] = typeof rsid === "string" ? rsid.split(";").filter((one) => /^rs\d+$/.test(one)) : [];
  return id ?? null;
}

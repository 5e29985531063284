/**
 * Texts of `ts` cells → the same with their types blanked out, places as they were. One whose types cannot be taken
 * out is not in the result: its cell says so.
 */
export async function withoutTypes(sources: readonly string[]): Promise<Record<string, string>> {
  if (sources.length === 0) return {};
  const { default: blankTypes } = await import("ts-blank-space");
  const stripped: Record<string, string> = {};
  for (const source of sources) {
    let isWhole = true;
    const text = blankTypes(source, () => {
      isWhole = false;
    });
    if (isWhole) stripped[source] = text;
  }
  return stripped;
}

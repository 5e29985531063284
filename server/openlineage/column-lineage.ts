import type { AssetRecord, ColumnOrigin, ColumnSource } from "#protocol/record.ts";

import type { Names } from "./names.ts";

interface InputField {
  readonly namespace: string;
  readonly name: string;
  readonly field: string;
  readonly transformations: readonly Transformation[];
}

type Transformation =
  | { readonly type: "DIRECT"; readonly subtype: "IDENTITY" | "TRANSFORMATION" | "AGGREGATION" }
  | { readonly type: "INDIRECT" };

export interface ColumnLineage {
  readonly fields: Readonly<Record<string, { readonly inputFields: readonly InputField[] }>>;
  /** What says which rows there are. */
  readonly dataset: readonly InputField[];
}

const DIRECT: Readonly<Record<ColumnOrigin["how"], Transformation>> = {
  copied: { type: "DIRECT", subtype: "IDENTITY" },
  computed: { type: "DIRECT", subtype: "TRANSFORMATION" },
  aggregated: { type: "DIRECT", subtype: "AGGREGATION" },
};

/** Where the columns of a version are from, for the facet `columnLineage`; null: that is not known. */
export function columnLineage(
  { columns, rowsFrom, inputs }: Omit<AssetRecord, "seq">,
  names: Names,
): ColumnLineage | null {
  if (rowsFrom === undefined) return null;
  const fieldsOf = (sources: readonly ColumnSource[], transformation: Transformation): InputField[] =>
    sources.flatMap(({ asset, column }) => {
      const input = inputs.find((one) => one.asset === asset && one.compared !== true);
      if (input === undefined) return [];
      return [
        {
          namespace: names.namespace,
          name: names.dataset(asset, input.partition),
          field: names.word(column),
          transformations: [transformation],
        },
      ];
    });
  const fields = columns.map(({ name, origin }) => {
    const inputFields = origin === undefined ? [] : fieldsOf(origin.of, DIRECT[origin.how]);
    return [names.word(name), { inputFields }] as const;
  });
  return { fields: Object.fromEntries(fields), dataset: fieldsOf(rowsFrom, { type: "INDIRECT" }) };
}

import { expect, test } from "vitest";

import { cellMarkers } from "../../ui/editor/cell-markers.ts";
import { cell } from "./views.ts";

test("an error is underlined where it is, in the cell and the text that it is of", () => {
  const span = { line: 1, column: 8, length: 3 };
  const error = { code: "notebook", message: "column not found: foo", span } as const;
  const one = cell("a", { source: "select foo" });
  expect(cellMarkers({ ...one, error }, null, "select foo")).toEqual([
    { ...span, message: "column not found: foo" },
  ]);
  expect(cellMarkers({ ...one, error: { ...error, cell: "b" } }, null, "select foo")).toEqual([]);
  expect(cellMarkers({ ...one, error }, null, "x")).toEqual([]);
  expect(cellMarkers(one, error, "select foo")).toHaveLength(1);
});

import { expect, test } from "vitest";

import { textChanges, twinChanges } from "./semantic-diff.ts";

test("a change of the twin is told by its place and both values", () => {
  const before = { summary: { matched: 2, gone: true }, rows: [{ rsid: "rs1" }, { rsid: "rs2" }], none: [] };
  const after = { summary: { matched: 3 }, rows: [{ rsid: "rs1" }, { rsid: "rs3" }], none: [1] };
  expect(twinChanges(before, after)).toEqual([
    "~ summary.matched: 2 → 3",
    '~ rows[1].rsid: "rs2" → "rs3"',
    "+ none[0]: 1",
    "- summary.gone: true",
    "- none: []",
  ]);
  expect(twinChanges(before, before)).toEqual([]);
});

test("a change of the page is told by the text that is seen, whatever the markup", () => {
  const before =
    "<style>p { color: red }</style><table><tr><td>APOE</td><td>−1.30</td></tr></table><p>one  line</p>";
  const after =
    "<section><table><tr><td class='x'>APOE</td><td>−1.40</td></tr></table><p>one line</p></section>";
  expect(textChanges(before, after)).toEqual(["- −1.30", "+ −1.40"]);
});

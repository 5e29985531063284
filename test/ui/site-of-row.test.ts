import { expect, test } from "vitest";

import { siteOfRow } from "../../ui/trace/site-of-row.ts";

test.each([
  [{ chrom: "19", start: 44_908_684, rsid: "rs429358" }, "19:44908684"],
  [{ chrom: "19", start: 44_908_684n }, "19:44908684"],
  // A call of a genotyping array has no place that can be compared.
  [{ chrom: "19", start: null, rsid: "rs429358" }, "rs429358"],
  [{ rsid: "COSV1;rs7412;rs2" }, "rs7412"],
  [{ chrom: "19", start: null, rsid: "i5000123" }, null],
  [{ chrom: "", start: 5, rsid: "" }, null],
  [{ gene: "APOE" }, null],
])("a row %o lies at %s", (row, site) => {
  expect(siteOfRow(row)).toBe(site);
});

import { expect, test } from "vitest";

import { topicOf } from "../../kernel/reports/variant-view.ts";
import { matched } from "./annotation-fixture.ts";

test.each([
  [{ rsid: "rs429358" }, "apoe"],
  [{ rsid: "rs7412" }, "apoe"],
  [{ rsid: null, vcf_rsid: "rs1;rs7412" }, "apoe"],
  [{ rsid: null, chrom: "19", start: 44_908_684 }, "apoe"],
  [{ rsid: null, chrom: "18", start: 44_908_684 }, null],
  [{ gene: "BRCA1" }, "brca"],
  [{ gene: "NBR1|brca2" }, "brca"],
  [{ gene: "BRCA1P1" }, null],
  [{ gene: "PSEN2" }, "psen"],
  [{ gene: "HTT" }, "htt"],
  [{ gene: "HTT-AS" }, null],
  [{ pathogenic: true }, "pathogenic"],
  [{ pathogenic: false }, null],
  [{ clin_sig: "Likely_pathogenic" }, "pathogenic"],
  [{ clin_sig: "Pathogenic/Likely pathogenic" }, "pathogenic"],
  [{ clin_sig: "Conflicting_classifications_of_pathogenicity" }, null],
  [{ clin_sig: "benign" }, null],
])("%j is of the topic %s", (fields, topic) => {
  expect(topicOf(matched(fields))?.key ?? null).toBe(topic);
});

import { describe, expect, test } from "vitest";

import { call, finding, ingested, vcfOf } from "./vcf-case.ts";

describe("gVCF", async () => {
  const result = await ingested(
    vcfOf({
      records: [
        "1 100 . A <NON_REF> . . END=150 GT:DP:GQ:MIN_DP 0/0:20:50:15",
        "1 200 . C <NON_REF> . . END=250 GT:DP:GQ:MIN_DP 0/0:20:50:9",
        "1 300 . C <NON_REF> . . END=350 GT:DP:GQ:MIN_DP 0/0:0:0:0",
        "1 400 . G <*> 0 . DP=3;END=404 GT:DP:GQ:MIN_DP 0/0:12:20:10",
        "1 500 . T <NON_REF> . LowDepth END=600 GT:DP:GQ 0/0:30:19",
        "1 650 . T <NON_REF> . . END=660 GT:DP:GQ 0/0:10.0:20.5",
        "1 700 . T <NON_REF> . LowDepth END=800 GT:DP:GQ ./.:1:0",
        "1 900 . C T,<NON_REF> 300 PASS DP=32 GT:DP:GQ 0/1:32:99",
        "1 950 . C T,<*> 300 PASS . GT:DP:GQ 1/1:32:99",
        "1 960 . C <NON_REF>,CT 300 PASS . GT:DP:GQ 0/2:32:99",
        "1 970 . C . 0 PASS END=980 GT:DP:GQ 0/0:32:99",
        "1 990 . C <NON_REF> 300 PASS . GT:DP:GQ 0/1:32:99",
        "1 991 . C T,<NON_REF>,<*> 300 PASS . GT:DP:GQ ./2:32:99",
      ],
    }),
  );
  const at = (start: number): unknown => result.rows.find((row) => row.start === start);

  test("a block with depth and quality is the reference up to its END", () => {
    expect(at(100)).toMatchObject({ end: 150, alt: "", presence: "hom_ref_block", genotype: ["A", "A"] });
  });

  test("a block whose least depth is under 10 states nothing, whatever its GT", () => {
    expect(at(200)).toMatchObject({ end: 250, presence: "no_data" });
  });

  test("a block without reads that says 0/0 is no reference call", () => {
    expect(at(300)).toMatchObject({ presence: "no_data" });
  });

  test("a block of <*> with evidence right at the limits is the reference, its END found behind other INFO", () => {
    expect(at(400)).toMatchObject({ end: 404, presence: "hom_ref_block" });
  });

  test("a block of quality 19 states nothing", () => {
    expect(at(500)).toMatchObject({ end: 600, presence: "no_data" });
  });

  test("a block whose depth and quality are spelled with a fraction has evidence, too", () => {
    expect(at(650)).toMatchObject({ end: 660, presence: "hom_ref_block", DP: 10 });
  });

  test("a block that is not called is a no-call over its whole length", () => {
    expect(at(700)).toMatchObject({ end: 800, presence: "no_call", genotype: [] });
  });

  test("<NON_REF> and <*> are no alternates of a variant, and take no index away", () => {
    expect(at(900)).toMatchObject({ alt: "T", genotype: ["C", "T"], presence: "called_variant", end: 900 });
    expect(at(950)).toMatchObject({ alt: "T", genotype: ["T", "T"] });
  });

  test("<NON_REF> stays where a genotype names it, and before an alternate, whose index is still its own", () => {
    expect(at(990)).toMatchObject({
      alt: "<NON_REF>",
      genotype: ["<NON_REF>", "C"],
      presence: "called_variant",
    });
    expect(at(991)).toMatchObject({ alt: "T|<NON_REF>", genotype: ["<NON_REF>"], presence: "half_call" });
    expect(at(960)).toMatchObject({ alt: "<NON_REF>|CT", genotype: ["C", "CT"], GT: "0/2" });
  });

  test("a block without any alternate is known by its END", () => {
    expect(at(970)).toMatchObject({ end: 980, presence: "hom_ref_block" });
  });

  test("the file is a gVCF, and <NON_REF> is no symbolic allele", () => {
    expect(result.summary.kind).toBe("gvcf");
    expect(finding(result, "SYMBOLIC_ALLELE")).toBeNull();
  });
});

test("symbolic alleles and breakends are kept, counted and named by line", async () => {
  const result = await ingested(
    vcfOf({
      records: [
        call("0/1"),
        call("0/1", { alt: "<DEL>", pos: 200 }),
        call("0/1", { alt: "<DUP:TANDEM>", pos: 210 }),
        call("0/1", { alt: "A[2:321682[", pos: 220 }),
        call("0/1", { alt: "G,<CN2>", pos: 230 }),
      ],
    }),
  );
  expect(finding(result, "SYMBOLIC_ALLELE")).toEqual({ count: 4, first: "line 17: allele <DEL>" });
  expect(result.rows[1]).toMatchObject({ alt: "<DEL>", genotype: ["<DEL>", "A"], end: 200 });
  expect(result.rows[4]).toMatchObject({ alt: "G|<CN2>", genotype: ["A", "G"] });
  expect(result.summary.kind).toBe("variants");
});

test("a deletion that is called reaches to the END that it states, another symbolic allele does not", async () => {
  const record = (pos: number, alt: string, genotype: string, info = `END=${pos + 50}`): string =>
    `1 ${pos} . A ${alt} 50 PASS ${info} GT ${genotype}`;
  const { rows, removed } = await ingested(
    vcfOf({
      records: [
        record(100, "<DEL>", "0/1"),
        record(200, "<DEL:ME:ALU>", "1"),
        record(300, "<DEL>", "./1"),
        record(400, "<DEL>", "0/0"),
        record(500, "<DEL>", "./."),
        record(600, "<DUP>", "0/1"),
        record(700, "<DEL>", "1/1", "END=3"),
        record(710, "G,<DEL>", "0/2"),
        record(720, "G,<DEL>", "0/1"),
        record(730, "<DEL>,G", "0/2"),
        record(740, "<DEL>", "0/."),
        record(750, "<CN0>", "0/1"),
        record(760, "<CN2>", "0/1"),
        record(770, "<CN0>,<CN2>", "0|2"),
        record(800, "<DEL>", "1/1").replace("PASS", "LowQual"),
      ],
    }),
    { filters: { pass_filters: ["PASS"] } },
  );
  expect(rows.map(({ start, end }) => end - start)).toEqual([50, 50, 50, 0, 0, 0, 0, 50, 0, 0, 0, 50, 0, 0]);
  expect(removed).toMatchObject([{ start: 800, end: 850 }]);
});

test("a called deletion that states its length alone reaches as far, and a block of VCF 4.5 its LEN", async () => {
  const record = (pos: number, alt: string, info: string, call: string): string =>
    `1 ${pos} . A ${alt} 50 PASS ${info} GT:DP:GQ:LEN ${call}`;
  const { rows } = await ingested(
    vcfOf({
      records: [
        record(100, "<DEL>", "SVLEN=-50", "0/1:30:50:."),
        record(200, "<DEL>", "SVLEN=50", "0/1:30:50:."),
        record(300, "<DEL>", "SVLEN=-50", "0/0:30:50:."),
        record(400, "G,<DEL>", "SVLEN=.,-50", "0/2:30:50:."),
        record(500, "<DEL>", "END=520;SVLEN=-50", "0/1:30:50:."),
        record(600, "<DUP>", "SVLEN=50", "0/1:30:50:."),
        record(700, "<*>", ".", "0/0:30:50:100"),
        record(900, "<*>", "END=910", "0/0:30:50:100"),
        record(1000, "<*>", ".", "0/0:30:50:."),
      ],
    }),
  );
  expect(rows.map(({ start, end }) => end - start)).toEqual([50, 50, 0, 50, 20, 0, 99, 10, 0]);
  expect(rows.at(-1)?.presence).toBe("hom_ref_block");
});

test("letters of alleles are raised, the contig of a breakend is not", async () => {
  const { rows } = await ingested(
    vcfOf({ records: [call("0/1", { ref: "a", alt: "a[chr2:321682[,]chrX_alt:5]ac,<del>,g" })] }),
  );
  expect(rows[0]).toMatchObject({ ref: "A", alt: "A[chr2:321682[|]chrX_alt:5]AC|<DEL>|G" });
});

test("letters that stand for several bases are counted as ambiguous", async () => {
  const result = await ingested(
    vcfOf({
      records: [call("0/1"), call("0/1", { ref: "N", pos: 200 }), call("0/1", { alt: "R", pos: 210 })],
    }),
  );
  expect(finding(result, "AMBIGUOUS_ALLELE")).toEqual({ count: 2, first: "line 17: allele N" });
});

test("the end of a record is that of its reference allele", async () => {
  const { rows } = await ingested(
    vcfOf({ records: [call("0/1", { ref: "CTT", alt: "C" }), call("0/1", { alt: "AT", pos: 300 })] }),
  );
  expect(rows.map(({ start, end }) => [start, end])).toEqual([
    [100, 102],
    [300, 300],
  ]);
  const odd = await ingested(vcfOf({ records: [call("0/1", { pos: 0 }).replace(" A ", "\t\t")] }));
  expect(odd.rows).toMatchObject([{ start: 0, end: 0, ref: "" }]);
});

test("two records at one position are both kept, in file order", async () => {
  const { rows } = await ingested(vcfOf({ records: [call("0/1", { alt: "T" }), call("0/1", { alt: "C" })] }));
  expect(rows.map(({ alt }) => alt)).toEqual(["T", "C"]);
});

test("several alternates are joined by a bar, and IDs stay as they are", async () => {
  const { rows, summary } = await ingested(
    vcfOf({ records: ["1 7 esv1;rs10 A G,T 50 PASS . GT 1/2", "1 8 . A G 50 PASS . GT 0/1"] }),
  );
  expect(rows).toMatchObject([{ rsid: "esv1;rs10", alt: "G|T" }, { rsid: "" }]);
  expect(summary.has_rsids).toBe(true);
});

test("rows that only say RefCall make a file of all sites", async () => {
  const { summary } = await ingested(vcfOf({ records: [call("0/1"), "1 200 . A G 0 RefCall . GT ./."] }));
  expect(summary).toMatchObject({ kind: "all_sites", has_rsids: false });
});

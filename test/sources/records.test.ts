import { expect, test } from "vitest";

import { CONTIGS, FIELDS, call, finding, ingested, tabbed, vcfOf } from "./vcf-case.ts";

test("a POS that is no integer is skipped, counted and named by line", async () => {
  const result = await ingested(
    vcfOf({
      records: [
        call("0/1"),
        ...["x1", "1e3", "12.6", "-5", "4294967296"].map((pos) => `1 ${pos} . A G 50 PASS . GT 0/1`),
      ],
    }),
  );
  expect(result.rows.map(({ start }) => start)).toEqual([100]);
  expect(result.summary.records).toMatchObject({ read: 6, kept: 1, removed_total: 0 });
  expect(finding(result, "BAD_POSITION")).toEqual({ count: 5, first: "line 17: POS is x1" });
});

test("a record without a contig is skipped, counted and named by line", async () => {
  const result = await ingested(vcfOf({ records: [call("0/1"), call("1/1").replace("1 100", " 100")] }));
  expect(result.rows).toHaveLength(1);
  expect(finding(result, "BAD_POSITION")).toEqual({ count: 1, first: "line 17: CHROM is empty" });
});

test("a record with too few columns is skipped, counted and named by line", async () => {
  const result = await ingested(
    vcfOf({ records: [call("0/1"), "1 200 . A G 50", call("1/1", { pos: 300 })] }),
  );
  expect(result.rows.map(({ start }) => start)).toEqual([100, 300]);
  expect(finding(result, "SHORT_RECORD")).toEqual({ count: 1, first: "line 17: 6 columns of 10" });
});

test("an empty INFO or FILTER is no missing column", async () => {
  const { rows } = await ingested(vcfOf({ records: [] }) + "1\t5\t\tA\tG\t\t\t\tGT\t0/1\n");
  expect(rows).toMatchObject([{ rsid: "", qual: null, filter: "", genotype: ["A", "G"] }]);
});

test("blank lines are left out and counted", async () => {
  const result = await ingested(vcfOf({ records: [call("0/1"), "", "", call("1/1", { pos: 300 })] }));
  expect(result.rows).toHaveLength(2);
  expect(finding(result, "BLANK_LINE")).toEqual({ count: 2, first: "line 17: blank" });
});

test("of two files that stand one behind the other the second header is left out and counted", async () => {
  const result = await ingested(
    vcfOf({ records: [call("0/1")] }) + vcfOf({ records: [call("1/1", { pos: 200 })] }),
  );
  expect(result.rows).toMatchObject([{ genotype: ["A", "G"] }, { genotype: ["G", "G"] }]);
  expect(result.summary.records).toMatchObject({ read: 2, kept: 2 });
  expect(result.summary.findings.map(({ kind }) => kind)).toEqual(["HEADER_LINE"]);
  expect(finding(result, "HEADER_LINE")).toEqual({ count: 15, first: "line 17: ##fileformat=VCFv4.2" });
});

test.each([
  ["another person", ["T"]],
  ["another one in the same column", ["T", "S"]],
  ["nobody", []],
])("of two files that stand one behind the other the second one of %s is refused", async (_of, samples) => {
  const record = samples.length === 0 ? "1 5 . A G 50 PASS ." : "1 5 . A G 50 PASS . GT 1/1";
  const text = vcfOf({ records: [call("0/1")] }) + vcfOf({ samples, records: [record] });
  await expect(ingested(text)).rejects.toMatchObject({
    info: {
      code: "source",
      message: "two files stand one behind the other: in the second, S is not in the same column",
      at: expect.stringMatching(/case\.vcf:31$/),
    },
  });
});

test("values keep their quotes and number signs", async () => {
  const { rows } = await ingested(vcfOf({ records: [`1 5 a#b"c A G 50 x"y'# . GT 0/1`] }));
  expect(rows).toMatchObject([{ rsid: `a#b"c`, filter: `x"y'#` }]);
});

test("a last line without a line end is a record", async () => {
  const { rows } = await ingested(vcfOf({ records: [call("0/1"), call("1/1", { pos: 200 })] }).trimEnd());
  expect(rows).toHaveLength(2);
});

test("records that lie out of order are sorted, counted and named by line", async () => {
  const result = await ingested(
    vcfOf({
      records: [
        call("0/1", { pos: 300 }),
        call("1/1", { pos: 100 }),
        "2 50 . A G 50 PASS . GT 0/1",
        call("0/1", { pos: 200 }),
        call("0/0", { pos: 200 }),
      ],
    }),
  );
  expect(result.rows.map(({ chrom, start, GT }) => [chrom, start, GT])).toEqual([
    ["1", 100, "1/1"],
    ["1", 200, "0/1"],
    ["1", 200, "0/0"],
    ["1", 300, "0/1"],
    ["2", 50, "0/1"],
  ]);
  expect(finding(result, "UNSORTED")).toEqual({
    count: 2,
    first: "line 17: 1:100 comes after a later position",
  });
});

test("records out of order are counted whether a rule removes them or not", async () => {
  const result = await ingested(
    vcfOf({
      records: [
        call("0/1", { pos: 300 }),
        call("0/1", { pos: 100 }).replace("PASS", "LowQual"),
        call("0/1", { pos: 400 }),
      ],
    }),
    { filters: { pass_filters: ["PASS"] } },
  );
  expect(result.rows.map(({ start }) => start)).toEqual([300, 400]);
  expect(finding(result, "UNSORTED")).toMatchObject({ count: 1 });
});

test("of a key that stands twice in INFO the first counts, and the record is counted", async () => {
  const records = ["1 5 . A G 50 PASS DP=7 GT 0/1", "1 6 . A G 50 PASS DP=7;AF=1;DP=9;DP=8 GT 0/1"];
  const result = await ingested(vcfOf({ records }));
  expect(result.rows[1]).toMatchObject({ DP: null, INFO_DP: 7 });
  expect(finding(result, "INFO_TWICE")).toEqual({
    count: 1,
    first: "line 17: a key stands twice in INFO: the first counts",
  });
});

test("genotypes of more than two alleles are counted, with the first line", async () => {
  const records = [call("0/1"), call("0/1/1", { pos: 200 }), call("0/0/0/1", { pos: 300 })];
  const result = await ingested(vcfOf({ records }));
  expect(result.rows[1]).toMatchObject({ genotype: ["A", "G", "G"], presence: "polyploid" });
  expect(finding(result, "POLYPLOID")).toEqual({ count: 2, first: "line 17: GT has more than two alleles" });
});

test("percent-encoded text is kept as it came, and told as such where VCF 4.3 has it", async () => {
  const text = vcfOf({
    meta: [...CONTIGS, '##INFO=<ID=CSQ,Number=.,Type=String,Description="Consequence">'],
    records: ["1 100 . A G 50 PASS CSQ=p.Ala1%3D,50%25 GT 0/1"],
  });
  const older = await ingested(text);
  const newer = await ingested(text.replace("VCFv4.2", "VCFv4.3"));
  for (const { rows } of [older, newer]) expect(rows[0]?.["CSQ"]).toEqual(["p.Ala1%3D", "50%25"]);
  expect(older.summary).not.toHaveProperty("encoded");
  expect(newer.summary.encoded).toEqual(["filter", "CSQ"]);
});

test("a file of dosages and no reads is told as imputed", async () => {
  const meta = [
    ...CONTIGS,
    '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">',
    '##FORMAT=<ID=DS,Number=A,Type=Float,Description="Dosage">',
    '##FORMAT=<ID=GP,Number=G,Type=Float,Description="Probabilities">',
  ];
  const records = ["1 100 . A G . PASS . GT:DS:GP 0/1:0.98:0.01,0.97,0.02"];
  const imputed = await ingested(vcfOf({ meta, records }));
  expect(finding(imputed, "IMPUTED")).toMatchObject({ count: 1 });
  expect(imputed.rows[0]?.["DS"]).toEqual([expect.closeTo(0.98)]);
  const reads = '##FORMAT=<ID=DP,Number=1,Type=Integer,Description="Depth">';
  expect(finding(await ingested(vcfOf({ meta: [...meta, reads], records })), "IMPUTED")).toBeNull();
});

test("contigs in another order than ours are no fault: they come as 1 to 22, X, Y, MT, then as declared", async () => {
  const meta = [
    ...CONTIGS,
    "##contig=<ID=HLA-A,length=3000>",
    "##contig=<ID=KI270728.1,length=1872759>",
    ...FIELDS,
  ];
  const contigs = ["10", "1", "chrUn_new", "X", "MT", "2", "KI270728.1", "HLA-A", "Y"];
  const result = await ingested(
    vcfOf({ meta, records: contigs.map((name) => `${name} 5 . A G 50 PASS . GT 0/1`) }),
  );
  expect(result.rows.map(({ chrom }) => chrom)).toEqual([
    "1",
    "2",
    "10",
    "X",
    "Y",
    "MT",
    "HLA-A",
    "KI270728.1",
    "Un_new",
  ]);
  expect(finding(result, "UNSORTED")).toBeNull();
});

test("contigs have one name however they are spelt", async () => {
  const spellings = ["chr1", "CHR2", "NC_000003.12", "CM000666.2", "chrX", "y", "chrM"];
  const result = await ingested(vcfOf({ records: spellings.map((name) => `${name} 5 . A G 50 q . GT 0/1`) }));
  expect(result.rows.map(({ chrom }) => chrom)).toEqual(["1", "2", "3", "4", "X", "Y", "MT"]);
  const { removed } = await ingested(
    vcfOf({ records: spellings.map((name) => `${name} 5 . A G 50 q . GT 0/1`) }),
    {
      filters: { pass_filters: ["PASS"] },
    },
  );
  expect(removed.map(({ chrom }) => chrom)).toEqual(["1", "2", "3", "4", "MT", "X", "Y"]);
});

test("INFO and FORMAT fields of one name are both kept, the sample's under its own", async () => {
  const { rows, columns } = await ingested(
    vcfOf({ records: ["1 5 . A G,T 50 PASS DP=70;AF=0.5,0.25;DB;END=9 GT:DP:AD 1/2:30:1,.,7"] }),
  );
  expect(rows[0]).toMatchObject({
    INFO_DP: 70,
    DP: 30,
    AF: [0.5, 0.25],
    DB: true,
    INFO_END: 9,
    AD: [1, null, 7],
  });
  expect(columns.map(({ column_name: name, column_type: type }) => `${name} ${type}`)).toEqual([
    "chrom VARCHAR",
    "start UINTEGER",
    "end UINTEGER",
    "rsid VARCHAR",
    "ref VARCHAR",
    "alt VARCHAR",
    "qual DOUBLE",
    "filter VARCHAR",
    "INFO_DP INTEGER",
    "AF FLOAT[]",
    "DB BOOLEAN",
    "INFO_END INTEGER",
    "GT VARCHAR",
    "GQ INTEGER",
    "DP INTEGER",
    "MIN_DP INTEGER",
    "AD INTEGER[]",
    "genotype VARCHAR[]",
    "presence VARCHAR",
    "phased BOOLEAN",
  ]);
});

test("odd INFO is read as far as it goes: flags with a value, keys without one, a key twice, any order", async () => {
  const { rows } = await ingested(
    vcfOf({
      records: [
        "1 1 . A G 50 PASS DB=1;DP=4 GT 0/1",
        "1 2 . A G 50 PASS DP;AF=0.1 GT 0/1",
        "1 3 . A G 50 PASS DP=1;DP=2;XDB GT 0/1",
        "1 4 . A G 50 PASS AF=.;DP=many GT 0/1",
        "1 5 . A G 50 PASS . GT 0/1",
        "1 6 . A G 50 PASS XDP=9;AF=1e-3;DP=8 GT 0/1",
      ],
    }),
  );
  expect(rows.map(({ INFO_DP }) => INFO_DP)).toEqual([4, null, 1, null, null, 8]);
  expect(rows.map(({ DB }) => DB)).toEqual([true, false, false, false, false, false]);
  expect(rows[3]?.["AF"]).toBeNull();
  expect(rows[5]?.["AF"]).toEqual([expect.closeTo(0.001)]);
});

test("fields, filters and contigs that the header does not declare are read", async () => {
  const result = await ingested(
    vcfOf({ meta: CONTIGS, records: ["GL000219.1 5 . A G 50 odd DP=7;NEW=abc GT:GQ:ZZ 0/1:40:q"] }),
  );
  expect(result.rows[0]).toMatchObject({
    chrom: "GL000219.1",
    filter: "odd",
    DP: 7,
    NEW: "abc",
    GQ: 40,
    ZZ: "q",
    genotype: ["A", "G"],
  });
  expect(finding(result, "UNDECLARED_FIELD")).toEqual({
    count: 5,
    first: "INFO DP, INFO NEW, FORMAT GT, FORMAT GQ, FORMAT ZZ",
  });
});

test("a contig name that is not in the header and looks like SQL is only a name", async () => {
  const { rows } = await ingested(
    vcfOf({ records: [`'); -- 5 . A G 50 PASS . GT 0/1`.replace("; --", ";--")] }),
  );
  expect(rows[0]?.chrom).toBe("');--");
});

test("field names with quotes are only names", async () => {
  const meta = [...CONTIGS, `##INFO=<ID=a'b"c,Number=1,Type=String,Description="x">`, ...FIELDS];
  const { columns } = await ingested(vcfOf({ meta, records: [call("0/1")] }));
  expect(columns.map(({ column_name: name }) => name)).toContain(`a'b"c`);
});

test("bytes that are no UTF-8 are replaced and counted", async () => {
  const text = Buffer.concat([
    Buffer.from(vcfOf({ records: [] })),
    Buffer.from(tabbed("1 5 caf")),
    Buffer.from([0xe9]),
    Buffer.from(tabbed(" A G 50 PASS . GT 0/1\n1 6 ")),
    Buffer.from([0xff, 0x2d, 0xff]),
    Buffer.from(tabbed(" A G 50 PASS . GT 0/1\n1 7 . A G 50 PASS . GT 0/1:")),
    Buffer.from([0xc3]),
  ]);
  const result = await ingested(text);
  expect(result.rows.map(({ rsid }) => rsid)).toEqual(["caf\uFFFD", "\uFFFD-\uFFFD", ""]);
  expect(finding(result, "NOT_UTF8")).toMatchObject({ count: 4 });
});

test("bytes of 0 are replaced and counted, in the header as in a record", async () => {
  const meta = [...CONTIGS, ...FIELDS, '##INFO=<ID=N\0L,Number=1,Type=String,Description="x">'];
  const records = ["1 5 rs1\0 A\0 G 50 q1\0;q2 N\0L=x\0y GT 0/1"];
  const result = await ingested(vcfOf({ meta, records }));
  expect(result.rows).toMatchObject([
    { rsid: "rs1\uFFFD", ref: "A\uFFFD", filter: "q1\uFFFD;q2", genotype: ["A\uFFFD", "G"] },
  ]);
  expect(result.rows[0]).toHaveProperty("N\uFFFDL", "x\uFFFDy");
  expect(finding(result, "NOT_UTF8")).toMatchObject({ count: 5 });
});

test("fields have any name that a header or a record gives them", async () => {
  const meta = [...CONTIGS, ...FIELDS, "##INFO=<ID=Q,Number=1,Type=toString>"];
  const { rows } = await ingested(
    vcfOf({
      meta,
      records: ["1 9 . A G 50 PASS constructor=3;file_row_number=7;Q=a GT 0/1", call("0/1", { pos: 5 })],
    }),
  );
  expect(rows[1]).toMatchObject({ constructor: "3", INFO_file_row_number: "7", Q: "a" });
});

test("IDs of dbSNP are read in small letters, and no others", async () => {
  const ids = ["RS12", "rs1;RS23;Rs4", "COSV1;RS5", "RSX1", "BRS6", "RS"];
  const records = ids.map((id, at) => `1 ${at + 1} ${id} A G 50 PASS . GT 0/1`);
  const { rows } = await ingested(vcfOf({ records }));
  expect(rows.map(({ rsid }) => rsid)).toEqual(["rs12", "rs1;rs23;rs4", "COSV1;rs5", "RSX1", "BRS6", "RS"]);
});

test.each([
  ["RS1", true],
  ["COSV1;RS1", true],
  ["COSV1;BRS1", false],
])("whether a file of %s has rsIDs is known", async (id, has) => {
  const { summary } = await ingested(vcfOf({ records: [`1 1 ${id} A G 50 PASS . GT 0/1`] }));
  expect(summary.has_rsids).toBe(has);
});

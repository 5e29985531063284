import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { CONTIGS, call, finding, ingested, vcfOf } from "./vcf-case.ts";

/** GT, REF, ALT as the file has them → genotype, presence, phased. */
const CALLS: readonly (readonly [
  title: string,
  gt: string,
  ref: string,
  alt: string,
  genotype: readonly string[],
  presence: string,
  phased: boolean,
])[] = [
  ["a reference homozygote is the reference twice", "0/0", "G", "A", ["G", "G"], "called_hom_ref", false],
  ["a heterozygote is sorted by allele text", "0/1", "T", "C", ["C", "T"], "called_variant", false],
  ["the order of a genotype does not matter", "1/0", "A", "G", ["A", "G"], "called_variant", false],
  [
    "a phased genotype is matched without its order, and keeps the mark",
    "1|0",
    "A",
    "G",
    ["A", "G"],
    "called_variant",
    true,
  ],
  ["an alternate homozygote is the alternate twice", "1/1", "C", "T", ["T", "T"], "called_variant", false],
  ["both alternates of a multi-allelic record", "1/2", "A", "G,T", ["G", "T"], "called_variant", false],
  [
    "the index is looked up before any split",
    "0/2",
    "A",
    "AACAC,AACACACAC",
    ["A", "AACACACAC"],
    "called_variant",
    false,
  ],
  [
    "a heterozygote of the first of two alternates",
    "0/1",
    "CAAAAA",
    "C,CAAA",
    ["C", "CAAAAA"],
    "called_variant",
    false,
  ],
  ["a deletion sorts its shorter allele first", "0/1", "CTT", "C", ["C", "CTT"], "called_variant", false],
  ["a no-call is an empty genotype, never the reference", "./.", "A", "G", [], "no_call", false],
  ["a single dot is a no-call", ".", "A", "G", [], "no_call", false],
  ["a phased no-call is a no-call", ".|.", "A", "G", [], "no_call", true],
  ["a half-call keeps the allele that is known", "./1", "A", "G", ["G"], "half_call", false],
  ["a half-call of the reference is not the reference", "0/.", "A", "G", ["A"], "half_call", false],
  ["a haploid alternate is one allele", "1", "C", "T", ["T"], "called_variant", false],
  ["a haploid reference is one allele", "0", "C", "T", ["C"], "called_hom_ref", false],
  ["three alleles are polyploid", "0/0/1", "A", "G", ["A", "A", "G"], "polyploid", false],
  ["a leading phase mark is accepted", "|0|1", "A", "G", ["A", "G"], "called_variant", true],
  ["a leading slash is accepted", "/0/1", "A", "G", ["A", "G"], "called_variant", false],
  ["an index beyond the alternates is a no-call", "0/5", "A", "G", [], "no_call", false],
  ["an index without any alternate is a no-call", "0/1", "A", ".", [], "no_call", false],
  [
    "a reference call without alternates is the reference",
    "0/0",
    "A",
    ".",
    ["A", "A"],
    "called_hom_ref",
    false,
  ],
  ["a spanning deletion is neither match nor reference", "1/2", "A", "*,C", ["*", "C"], "overlapped", false],
  ["a spanning deletion as the only alternate", "0/1", "A", "*", ["*", "A"], "overlapped", false],
  ["lower-case alleles are upper case", "0/1", "a", "g", ["A", "G"], "called_variant", false],
  ["mixed-case alleles are upper case", "1/2", "ac", "gT,a", ["A", "GT"], "called_variant", false],
];

describe("genotype and presence", async () => {
  const records = CALLS.map(([, gt, ref, alt], index) => call(gt, { ref, alt, pos: 100 + index * 10 }));
  const result = await ingested(vcfOf({ records }));

  test.each(CALLS.map((entry, index) => [...entry, index] as const))(
    "%s",
    (_title, gt, _ref, _alt, genotype, presence, phased, index) => {
      expect(result.rows[index]).toMatchObject({ GT: gt, genotype, presence, phased });
    },
  );

  test("an index beyond the alternates is counted, with its line and without the genotype", () => {
    expect(finding(result, "GT_INDEX")).toEqual({
      count: 2,
      first: "line 35: GT has an index beyond the 1 alternates",
    });
  });

  test("presences of kept records are counted", () => {
    expect(result.summary.presence).toMatchObject({ half_call: 2, polyploid: 1, overlapped: 2, no_call: 5 });
  });
});

test("a GT that is no list of alleles is a no-call, and is counted with its line", async () => {
  const malformed = ["a/b", "x/1", "0/", "0//1", "/", "0/1x", "..", "-1/0", "1.0"];
  const records = [call("0/1"), ...malformed.map((gt, index) => call(gt, { pos: 200 + index }))];
  const result = await ingested(vcfOf({ records }));
  expect(result.rows.slice(1).map(({ GT, genotype, presence }) => [GT, genotype, presence])).toEqual(
    malformed.map((gt) => [gt, [], "no_call"]),
  );
  expect(finding(result, "GT_MALFORMED")).toEqual({
    count: malformed.length,
    first: "line 17: GT is no list of allele indexes: it is read as a no-call",
  });
  expect(finding(result, "GT_INDEX")).toBeNull();
});

test("fields that are left out at the end of a sample are null", async () => {
  const { rows } = await ingested(
    vcfOf({ records: ["1 5 . A G 50 PASS . GT:GQ:DP:AD 0/1", "1 6 . A G 50 PASS . GT:GQ:DP:AD 0/1:9"] }),
  );
  expect(rows).toMatchObject([
    { genotype: ["A", "G"], GQ: null, DP: null, AD: null },
    { GQ: 9, DP: null, AD: null },
  ]);
});

test("a FORMAT order that differs between records is read record by record", async () => {
  const { rows } = await ingested(
    vcfOf({
      records: [
        "1 5 . A G 50 PASS . GT:GQ:DP 0/1:30:12",
        "1 6 . A G 50 PASS . GT:GQ:DP 1/1:31:13",
        "1 7 . A G 50 PASS . DP:GT:GQ 14:0/1:32",
        ...Array.from(
          { length: 6 },
          (_, index) => `1 ${10 + index} . A G 50 PASS . GT:DP:X${index} 1/1:${20 + index}:q`,
        ),
      ],
    }),
  );
  expect(rows.map(({ GQ }) => GQ)).toEqual([30, 31, 32, null, null, null, null, null, null]);
  expect(rows.map(({ DP }) => DP)).toEqual([12, 13, 14, 20, 21, 22, 23, 24, 25]);
  expect(rows[2]?.genotype).toEqual(["A", "G"]);
});

test("a record without GT in a file that has genotypes is a no-call", async () => {
  const { rows } = await ingested(vcfOf({ records: [call("0/1"), "1 200 . A G 50 PASS . DP 12"] }));
  expect(rows[1]).toMatchObject({ GT: null, genotype: null, presence: "no_call", phased: null });
});

test("0/0 without a read is no call of the reference; with reads, or of a depth that is not stated, it is one", async () => {
  const { rows } = await ingested(
    vcfOf({
      records: [
        "1 100 . A G 50 PASS . GT:DP 0/0:0",
        "1 200 . A G 50 PASS DP=9 GT:DP 0|0:0",
        "1 300 . A G 50 PASS . GT:DP 0/0:1",
        "1 400 . A G 50 PASS . GT 0/0",
        "1 500 . A . 50 PASS DP=0 GT 0/0",
        "1 600 . A G 50 PASS . GT:DP 0/1:0",
      ],
    }),
  );
  expect(rows.map(({ presence }) => presence)).toEqual([
    "no_data",
    "no_data",
    "called_hom_ref",
    "called_hom_ref",
    "no_data",
    "called_variant",
  ]);
});

test("the phase set stays beside the genotype", async () => {
  const { rows } = await ingested(vcfOf({ records: ["1 5 . A G 50 PASS . GT:PS 1|0:77"] }));
  expect(rows[0]).toMatchObject({ phased: true, PS: 77 });
});

const ALLELE = fc.stringMatching(/^[ACGTacgt]{1,4}$/);
const RECORD = fc.record({
  ref: ALLELE,
  alternates: fc.array(
    fc.oneof({ weight: 6, arbitrary: ALLELE }, fc.constantFrom("*", "<NON_REF>", "<DEL>")),
    {
      maxLength: 3,
    },
  ),
  indices: fc.array(fc.oneof({ weight: 8, arbitrary: fc.nat({ max: 4 }) }, fc.constant(null)), {
    minLength: 1,
    maxLength: 3,
  }),
  separator: fc.constantFrom("/", "|"),
});

test("every genotype equals a plain reading of GT", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(RECORD, { minLength: 1, maxLength: 60 }), async (records) => {
      const lines = records.map(({ ref, alternates, indices, separator }, index) =>
        call(indices.map((one) => one ?? ".").join(separator), {
          ref,
          alt: alternates.join(",") || ".",
          pos: 100 + index,
        }),
      );
      const { rows } = await ingested(vcfOf({ records: lines }));
      expect(rows.map(({ genotype }) => genotype)).toEqual(records.map((record) => plainReading(record)));
    }),
    { numRuns: 20 },
  );
});

/** The rule by itself: every index is looked up in REF and all alternates; one beyond them makes a no-call. */
function plainReading({
  ref,
  alternates,
  indices,
}: {
  readonly ref: string;
  readonly alternates: readonly string[];
  readonly indices: readonly (number | null)[];
}): string[] {
  const alleles = [ref, ...alternates].map((allele) => allele.toUpperCase());
  const genotype: string[] = [];
  for (const index of indices) {
    if (index === null) continue;
    const allele = alleles[index];
    if (allele === undefined) return [];
    genotype.push(allele);
  }
  return genotype.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
}

describe("local alleles", () => {
  const meta = [
    ...CONTIGS,
    '##FORMAT=<ID=LGT,Number=1,Type=String,Description="Local genotype">',
    '##FORMAT=<ID=LA,Number=.,Type=Integer,Description="Local alleles">',
    '##FORMAT=<ID=LAA,Number=.,Type=Integer,Description="Local alternates">',
    '##FORMAT=<ID=LAD,Number=LR,Type=Integer,Description="Local depths">',
  ];

  test("a file whose only calls are local is refused: their indexes are not those of the record", async () => {
    const records = ["1 100 . A C,G 50 PASS . LGT:LA 0/1:0,2"];
    await expect(ingested(vcfOf({ meta, records }))).rejects.toThrow("the calls are local (LGT)");
  });

  test("where there is a GT, it counts, and local fields are read as they come", async () => {
    const records = [
      "1 100 . A C,G 50 PASS . GT:LAA:LAD 0/2:2:9,8",
      "1 200 . A C,G 50 PASS . GT:LGT:LA 0/2:0/1:0,2",
    ];
    const { rows, summary } = await ingested(vcfOf({ meta, records }));
    expect(rows).toMatchObject([
      { genotype: ["A", "G"], LAA: [2], LAD: [9, 8] },
      { genotype: ["A", "G"], LGT: "0/1" },
    ]);
    expect(summary.findings.map(({ kind }) => kind)).not.toContain("WRONG_NUMBER");
  });
});

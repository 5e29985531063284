/** Files as callers, chips and catalogues write them. */
export const FILE_SHAPES = [
  "deepvariant",
  "without-depth",
  "sites",
  "gvcf",
  "gatk",
  "strelka",
  "illumina",
  "varscan",
  "chip",
  "text-fields",
  "list-fields",
  "poor",
] as const;
export type FileShape = (typeof FILE_SHAPES)[number];

/** Sites of the bundled modules and two beside them, as every shape has them: contig, position, rsID, REF, ALT. */
const SITES = [
  ["chr1", 240_282_296, "rs17672135", "T", "C"],
  ["chr2", 1000, ".", "A", "AT"],
  ["chr9", 22_098_575, "rs4977574", "A", "G"],
  ["chr19", 44_908_684, "rs429358", "T", "C"],
  ["chr19", 44_908_822, "rs7412", "C", "T"],
] as const;
const LENGTHS = { chr1: 248_956_422, chr2: 242_193_529, chr9: 138_394_717, chr19: 58_617_616 };

interface Shape {
  /** Declarations of fields, each `FORMAT ID Number Type` or `INFO ID Number Type`. */
  readonly fields: readonly string[];
  /** Null for a file of sites, without samples. */
  readonly format: string | null;
  /** The sample's values at each site. */
  readonly values?: string;
  readonly quality?: string;
  readonly info?: string;
  /** Further records. */
  readonly more?: readonly string[];
}

const GT = "FORMAT GT 1 String";
const DEEP = [GT, "FORMAT AD R Integer", "FORMAT DP 1 Integer", "FORMAT GQ 1 Integer"];
const BLOCKS = [
  "chr2\t2000\t.\tA\t<NON_REF>\t.\t.\tEND=3000\tGT:DP:GQ:MIN_DP:PL\t0/0:31:81:28:0,81,900",
  "chr9\t500\t.\tC\tG,<NON_REF>\t70\tPASS\t.\tGT:AD:DP:GQ:PL\t0/1:12,14,0:26:99:1,0,1,2,2,2",
];

/** The same sites, with what each shape states of them and how it calls that. */
const SHAPES: Readonly<Record<FileShape, Shape>> = {
  deepvariant: { fields: DEEP, format: "GT:GQ:DP:AD", values: "0/1:50:31:15,16" },
  "without-depth": { fields: [GT, "FORMAT GQ 1 Integer"], format: "GT:GQ", values: "0/1:50" },
  sites: { fields: ["INFO AF A Float"], format: null, info: "AF=0.25" },
  gvcf: {
    fields: [...DEEP, "FORMAT MIN_DP 1 Integer", "FORMAT PL G Integer", "INFO END 1 Integer"],
    format: "GT:AD:DP:GQ",
    values: "0/1:14,17:31:99",
    more: BLOCKS,
  },
  gatk: {
    fields: [...DEEP, "FORMAT PL G Integer", "FORMAT PGT 1 String", "INFO DP 1 Integer", "INFO AC A Integer"],
    format: "GT:AD:DP:GQ:PGT:PL",
    values: "0|1:15,16:31:99:0|1:500,0,510",
    info: "AC=1;DP=33",
  },
  strelka: {
    fields: [
      GT,
      "FORMAT GQX 1 Integer",
      "FORMAT DPI 1 Integer",
      "FORMAT AD . Integer",
      "FORMAT ADF . Integer",
    ],
    format: "GT:GQX:DPI:AD:ADF",
    values: "0/1:30:28:13,15:7,8",
  },
  illumina: {
    fields: [GT, "FORMAT GQ 1 Float", "FORMAT VF 1 Float", "INFO TI . String"],
    format: "GT:GQ:VF",
    values: "0/1:50.5:0.48",
    info: "TI=NM_1,NM_2",
  },
  // One number: the reads of the other allele alone.
  varscan: {
    fields: [GT, "FORMAT SDP 1 Integer", "FORMAT DP 1 Float", "FORMAT RD 1 Integer", "FORMAT AD 1 Integer"],
    format: "GT:SDP:DP:RD:AD",
    values: "0/1:33:31.5:15:16",
  },
  chip: { fields: [GT], format: "GT", values: "0/1", quality: "." },
  "text-fields": {
    fields: [GT, "FORMAT AD 1 String", "FORMAT DP 1 String", "FORMAT GQ 1 String", "INFO start 1 String"],
    format: "GT:AD:DP:GQ",
    values: "0/1:15,16:deep:high",
    info: "start=x",
  },
  "list-fields": {
    fields: [GT, "FORMAT ad . String", "FORMAT DP . Integer"],
    format: "GT:ad:DP",
    values: "0/1:15,16:15,16",
  },
  // No record passes the filters.
  poor: { fields: [GT], format: "GT", values: "0/1", quality: "0" },
};

/** A small VCF of that shape. */
export function fileOfShape(name: FileShape): string {
  const { fields, format, values, quality = "50", info = ".", more = [] } = SHAPES[name];
  const declared = fields.map((field) => {
    const [kind, id, number, type] = field.split(" ");
    return `##${kind}=<ID=${id},Number=${number},Type=${type},Description="${id}">`;
  });
  const contigs = Object.entries(LENGTHS).map(([id, length]) => `##contig=<ID=${id},length=${length}>`);
  const sample = format === null ? [] : [format, values];
  const records = SITES.map((site) => [...site, quality, "PASS", info, ...sample].join("\t"));
  const heads = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"];
  return [
    "##fileformat=VCFv4.2",
    ...contigs,
    ...declared,
    [...heads, ...(format === null ? [] : ["FORMAT", "S1"])].join("\t"),
    ...records,
    ...more,
    "",
  ].join("\n");
}

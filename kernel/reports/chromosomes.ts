/** One chromosome of GRCh38: bases in all, and the stretch of its centromere, 1-based and inclusive. */
export interface Chromosome {
  readonly name: string;
  readonly length: number;
  readonly centromere: readonly [number, number] | null;
}

/** In karyotype order. Lengths: GRCh38 primary assembly; centromeres: the `acen` bands of its cytoband table. */
export const CHROMOSOMES: readonly Chromosome[] = [
  { name: "1", length: 248_956_422, centromere: [121_700_001, 125_100_000] },
  { name: "2", length: 242_193_529, centromere: [91_800_001, 96_000_000] },
  { name: "3", length: 198_295_559, centromere: [87_800_001, 94_000_000] },
  { name: "4", length: 190_214_555, centromere: [48_200_001, 51_800_000] },
  { name: "5", length: 181_538_259, centromere: [46_100_001, 51_400_000] },
  { name: "6", length: 170_805_979, centromere: [58_500_001, 62_600_000] },
  { name: "7", length: 159_345_973, centromere: [58_100_001, 62_100_000] },
  { name: "8", length: 145_138_636, centromere: [43_200_001, 47_200_000] },
  { name: "9", length: 138_394_717, centromere: [42_200_001, 45_500_000] },
  { name: "10", length: 133_797_422, centromere: [38_000_001, 41_600_000] },
  { name: "11", length: 135_086_622, centromere: [51_000_001, 55_800_000] },
  { name: "12", length: 133_275_309, centromere: [33_200_001, 37_800_000] },
  { name: "13", length: 114_364_328, centromere: [16_500_001, 18_900_000] },
  { name: "14", length: 107_043_718, centromere: [16_100_001, 18_200_000] },
  { name: "15", length: 101_991_189, centromere: [17_500_001, 20_500_000] },
  { name: "16", length: 90_338_345, centromere: [35_300_001, 38_400_000] },
  { name: "17", length: 83_257_441, centromere: [22_700_001, 27_400_000] },
  { name: "18", length: 80_373_285, centromere: [15_400_001, 21_500_000] },
  { name: "19", length: 58_617_616, centromere: [24_200_001, 28_100_000] },
  { name: "20", length: 64_444_167, centromere: [25_700_001, 30_400_000] },
  { name: "21", length: 46_709_983, centromere: [10_900_001, 13_000_000] },
  { name: "22", length: 50_818_468, centromere: [13_700_001, 17_400_000] },
  { name: "X", length: 156_040_895, centromere: [58_100_001, 63_800_000] },
  { name: "Y", length: 57_227_415, centromere: [10_300_001, 10_600_000] },
  { name: "MT", length: 16_569, centromere: null },
];

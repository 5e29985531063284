import type { Source } from "./source.ts";
import { vcf } from "./vcf/vcf.ts";

/** Every kind of file that variants are read from. */
export const sources: readonly Source[] = [vcf];

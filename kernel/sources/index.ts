import { array } from "./array/array.ts";
import type { Source } from "./source.ts";
import { vcf } from "./vcf/vcf.ts";

/** Every kind of file that variants are read from; a file is of the first that recognises it. */
export const sources: readonly Source[] = [array, vcf];

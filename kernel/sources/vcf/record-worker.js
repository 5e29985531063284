// What the thread that reads a VCF starts with, see record-worker.ts.
import { built } from "../../../start/built.js";

await import(await built("kernel/sources/vcf/record-worker.ts"));

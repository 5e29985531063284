import type { FileHandle } from "node:fs/promises";

import { WorkspaceError } from "#protocol/error.ts";
import type { Progress } from "#protocol/record.ts";

import { BgzfWriter, PlainWriter } from "../bgzf/bgzf-writer.ts";
import type { ByteSink } from "../bgzf/bgzf-writer.ts";
import { CONTIGS, subtract } from "./contigs.ts";
import { headerText } from "./header.ts";
import { plant } from "./plant.ts";
import type { Plan } from "./plant.ts";
import type { PlantedSite } from "./planted-site.ts";
import { basesOf, positions, shares } from "./positions.ts";
import { randomCall } from "./random-call.ts";
import { Random } from "./random.ts";
import { RecordText } from "./record-text.ts";
import { storeWhole } from "./store-whole.ts";
import { truthText } from "./truth.ts";

export interface SynthesisRequest {
  /** Records in the file, the planted ones among them. */
  readonly records: number;
  /** A whole number from 0 to 2⁵³ − 1. */
  readonly seed: number;
  /** `NAME.vcf` is written plain, `NAME.vcf.gz` and `NAME.vcf.bgz` as bgzip. Replaced when it exists. */
  readonly out: string;
  readonly sites: readonly PlantedSite[];
  /** Where the table of expected matches goes; null: nowhere. */
  readonly truth: string | null;
}

export interface SynthesisContext {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export interface Synthesis {
  readonly records: number;
  /** Records at module sites; sites that were left out have none, and two modules may share one. */
  readonly planted: number;
  /** Size of the file. */
  readonly bytes: number;
  readonly seconds: number;
}

/** Denser than one in thirty bases a file is no genome any more. */
const MOST_RECORDS = 100_000_000;
/** Text gathered before it is handed to the writer, in bytes. */
const BATCH_BYTES = 1 << 20;

/**
 * Writes a synthetic genome of a man in the shape of a DeepVariant VCF on GRCh38, sorted, with the truth of
 * each module site beside it. Its header says that it is synthetic.
 *
 * The text hangs on `records`, `seed` and `sites` alone: the same on every machine, plain or inflated. Each
 * file appears whole or not at all. One pass; memory is bounded by the writer and the sites.
 *
 * @throws {WorkspaceError} `usage` for a number or file name that cannot be, for fewer records than planted
 *   sites, for a file that cannot be made; what the signal was aborted with
 */
export async function synthesise(request: SynthesisRequest, context: SynthesisContext): Promise<Synthesis> {
  const began = performance.now();
  const compress = isCompressed(request.out);
  checkNumbers(request);
  const plan = plant(request.sites, request.seed);
  checkRoom(request, plan);
  context.signal.throwIfAborted();

  const bytes = await storeWhole(request.out, async (file) => {
    const size = await writeGenome(request, plan, sinkOf(file, compress), context);
    if (request.truth !== null) {
      await storeWhole(request.truth, (table) => table.writeFile(truthText(plan.outcomes)));
    }
    return size;
  });
  const seconds = (performance.now() - began) / 1000;
  return { records: request.records, planted: plan.planted, bytes, seconds };
}

/** @returns bytes of the file */
async function writeGenome(
  { records, seed }: SynthesisRequest,
  plan: Plan,
  sink: ByteSink,
  { signal, progress }: SynthesisContext,
): Promise<number> {
  await sink.write(Buffer.from(headerText({ seed, records, planted: plan.planted })));
  const text = new RecordText(BATCH_BYTES);
  let written = 0;
  for (const batch of batches(records, seed, plan, text)) {
    written += batch;
    if (text.length < BATCH_BYTES && written < records) continue;
    signal.throwIfAborted();
    await sink.write(text.take());
    const fraction = records === 0 ? 1 : written / records;
    progress({ phase: "writing a synthetic genome", records: written, bytes: sink.bytes, fraction });
  }
  await sink.end();
  signal.throwIfAborted();
  return sink.bytes;
}

/** Adds the records to `text`, in file order, and yields how many after each window of a contig. */
function* batches(records: number, seed: number, plan: Plan, text: RecordText): Generator<number> {
  const stretches = CONTIGS.map(({ name, callable }) => subtract(callable, plan.reserved.get(name) ?? []));
  const weights = CONTIGS.map(({ density }, index) => density * basesOf(stretches[index] ?? []));
  const counts = shares(records - plan.planted, weights);
  for (const [index, contig] of CONTIGS.entries()) {
    const random = new Random(seed, `contig ${contig.name}`);
    const planted = (plan.calls.get(contig.name) ?? []).values();
    let next = planted.next();
    for (const window of positions(stretches[index] ?? [], counts[index] ?? 0, random)) {
      let added = window.length;
      for (const position of window) {
        for (; !next.done && next.value.position < position; next = planted.next(), added++) {
          text.add(contig.label, next.value);
        }
        text.add(contig.label, randomCall(contig, index, position, random));
      }
      yield added;
    }
    let added = 0;
    for (; !next.done; next = planted.next(), added++) text.add(contig.label, next.value);
    yield added;
  }
}

function sinkOf(file: FileHandle, compress: boolean): ByteSink {
  const emit = async (bytes: Uint8Array): Promise<void> => {
    for (let at = 0; at < bytes.length;) at += (await file.write(bytes, at)).bytesWritten;
  };
  return compress ? new BgzfWriter(emit) : new PlainWriter(emit);
}

function isCompressed(out: string): boolean {
  if (/\.g\.vcf(\.b?gz)?$/i.test(out)) {
    throw usage(`not written here, a gVCF: ${out}`, "Name the file without .g before .vcf.");
  }
  if (/\.vcf\.b?gz$/i.test(out)) return true;
  if (/\.vcf$/i.test(out)) return false;
  throw usage(`unknown kind of file: ${out}`, "Name it NAME.vcf or NAME.vcf.gz.");
}

function checkNumbers({ records, seed }: SynthesisRequest): void {
  if (!Number.isSafeInteger(records) || records < 0 || records > MOST_RECORDS) {
    throw usage(`not a number of records: ${records}`, `Ask for a whole number from 0 to ${MOST_RECORDS}.`);
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw usage(`not a seed: ${seed}`, "Give a whole number from 0 up.");
  }
}

function checkRoom({ records }: SynthesisRequest, { planted }: Plan): void {
  if (records >= planted) return;
  throw usage(
    `too few records for ${planted} planted sites: ${records}`,
    `Ask for ${planted} records or more, or for fewer modules.`,
  );
}

function usage(message: string, hint: string): WorkspaceError {
  return new WorkspaceError({ code: "usage", message, hint });
}

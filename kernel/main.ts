/** Entry of a kernel process: messages in, messages out. It does the work; what is to be done is decided elsewhere. */
import { BUILD } from "#protocol/build.ts";
import { errorInfo } from "#protocol/error.ts";
import type {
  CellAnalysis,
  CellText,
  KernelMessage,
  KernelRequest,
  KernelResult,
  KernelSettings,
} from "#protocol/kernel-messages.ts";
import type { PartitionAttributes, Progress } from "#protocol/record.ts";

import { checkPart } from "./assets/check-table.ts";
import { performStep } from "./assets/perform-step.ts";
import { calls } from "./calls.ts";
import type { CellType, WorkContext } from "./cells/cell-type.ts";
import { codeVersion } from "./cells/code-version.ts";
import { cellTypes } from "./cells/index.ts";
import { Databases } from "./databases.ts";
import type { EngineLimits } from "./engines/engine.ts";
import { kernelMemory, kernelThreads, runsAtOnce } from "./memory.ts";
import { Interactive } from "./query/interactive.ts";

/** Messages that a table stream may send before it is asked for more. */
const FIRST_CREDIT = 2;
/** The least time between two progress messages of one piece of work. */
const PROGRESS_INTERVAL_MS = 100;

interface Work {
  readonly abort: AbortController;
  credit: number;
  /** Wakes a stream that waits for credit. */
  wake: () => void;
}

/** What there is once the kernel was told its settings. */
interface Started {
  readonly settings: KernelSettings;
  readonly limits: EngineLimits;
  readonly interactive: Interactive;
  readonly databases: Databases;
}

let started: Started | null = null;
const running = new Map<number, Work>();

process.on("message", (message: KernelRequest) => void receive(message));
// Ctrl C at a terminal reaches the kernel too: whoever started it asks it to stop, and it clears up.
for (const signal of ["SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
// A kernel whose server is gone has nobody to work for. `process.exit` would wait for the engine's threads to end theirs.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

async function receive(request: KernelRequest): Promise<void> {
  if (request.type === "start") {
    const runs = runsAtOnce(request.settings);
    const { capBytes, engineBytes } = kernelMemory({ ...request.settings, runsAtOnce: runs });
    const threads = kernelThreads(request.settings);
    const settings = { ...request.settings, memoryBytes: engineBytes, threads };
    // Polars knows no options: it reads this when it is loaded.
    process.env["POLARS_MAX_THREADS"] ??= String(threads);
    const limits = { memoryBytes: engineBytes, threads };
    started = {
      settings,
      limits,
      interactive: new Interactive(settings),
      databases: new Databases(settings),
    };
    send({ type: "ready", build: BUILD, capBytes, runsAtOnce: runs });
    return;
  }
  const work = running.get(request.id);
  if (request.type === "cancel") {
    work?.abort.abort();
    work?.wake();
  } else if (request.type === "credit") {
    if (work === undefined) return;
    work.credit += request.messages;
    work.wake();
  } else {
    await begin(request, { abort: new AbortController(), credit: FIRST_CREDIT, wake: () => {} });
  }
}

type WorkRequest = Exclude<KernelRequest, { type: "start" | "cancel" | "credit" }>;

async function begin(request: WorkRequest, work: Work): Promise<void> {
  const { id } = request;
  running.set(id, work);
  try {
    send({ type: "reply", id, result: await carryOut(request, work) });
  } catch (error) {
    send({ type: "reply", id, error: errorInfo(error) });
  } finally {
    running.delete(id);
  }
}

async function carryOut(request: WorkRequest, work: Work): Promise<KernelResult> {
  const context = contextOf(request.id, work.abort.signal);
  switch (request.type) {
    case "analyse":
      return {
        analyses: await Promise.all(request.cells.map((cell) => analyse(cell, request.modules, context))),
        build: BUILD,
      };
    case "observe":
      return { observation: await observe(request.kind, request.cell, request.attributes, context) };
    case "step":
      return {
        produced: await performStep(request.step, typeNamed(request.step.kind, request.step.cell), context),
      };
    case "rows":
      return { rows: await (await looking().tables()).rows(request.table, context.signal) };
    case "index":
      await (await looking().tables()).index(request.table.path, context.signal, context.progress);
      return null;
    case "column": {
      const tables = await looking().tables();
      return { column: await tables.column(request.table, request.column, context.signal) };
    }
    case "table": {
      const tables = await looking().tables();
      await pour(request.id, tables.page(request.table, request, context.signal), work);
      return null;
    }
    case "query":
      await pour(request.id, looking().query(request.query, context.signal), work);
      return null;
    case "export":
      await pour(request.id, looking().export(request.table, request.format, context.signal), work);
      return null;
    case "call": {
      const call = Object.hasOwn(calls, request.name) ? calls[request.name] : undefined;
      if (call === undefined) throw new Error(`no such call: ${request.name}`);
      return { value: await call(request.parameters, context, looking) };
    }
  }
}

async function analyse(
  cell: CellText,
  modules: readonly string[],
  context: WorkContext,
): Promise<CellAnalysis> {
  const type = cellTypes.find((one) => one.takes(cell));
  const nothing = {
    live: false,
    external: false,
    partitioned: false,
    tolerant: false,
    light: false,
    optional: [],
    others: [],
    engine: null,
    ofText: false,
    inputs: [],
    parts: {},
    output: "none",
    error: null,
  } as const;
  if (type === undefined) return { ...nothing, kind: null };
  const found = { ...nothing, kind: type.name, live: type.live === true };
  try {
    const { notebooks, connectShared } = context;
    const analysis = await type.analyse(cell, { notebooks, modules, connect: connectShared });
    const karyon = codeVersion(type, context.software);
    const isKept = analysis.external !== true && type.live !== true;
    const check = await checkPart(cell, isKept && analysis.output === "table", connectShared);
    const parts = analysis.external === true ? analysis.parts : { ...analysis.parts, ...check, karyon };
    return { ...found, ...analysis, parts };
  } catch (error) {
    return { ...found, error: errorInfo(error) };
  }
}

function observe(
  kind: string,
  cell: CellText,
  attributes: PartitionAttributes,
  context: WorkContext,
): ReturnType<NonNullable<CellType["observe"]>> {
  const type = typeNamed(kind, cell);
  if (type.observe === undefined) throw new Error(`${kind} cells are not observed`);
  return type.observe(cell, attributes, context);
}

/** Sends a stream as fast as it is asked for. */
async function pour(id: number, messages: AsyncIterable<Uint8Array>, work: Work): Promise<void> {
  const { signal } = work.abort;
  for await (const bytes of messages) {
    while (work.credit <= 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        work.wake = resolve;
      });
    }
    signal.throwIfAborted();
    work.credit -= 1;
    send({ type: "batch", id, bytes });
  }
}

function theStarted(): Started {
  if (started === null) throw new Error("the kernel was asked before it was started");
  return started;
}

function looking(): Interactive {
  return theStarted().interactive;
}

/** Two types may share the name that people read, such as `report`: the fence tells them apart. */
function typeNamed(name: string, cell: CellText): CellType {
  const type = cellTypes.find((one) => one.name === name && one.takes(cell));
  if (type === undefined) throw new Error(`no such cell type: ${name}`);
  return type;
}

function contextOf(id: number, signal: AbortSignal): WorkContext {
  const { settings, limits, databases } = theStarted();
  const { software, notebooks, cache, spill } = settings;
  let last = -Infinity;
  let phase = "";
  let late: NodeJS.Timeout | undefined;
  const tell = (progress: Progress): void => {
    if (!running.has(id)) return;
    [last, phase] = [performance.now(), progress.phase];
    send({ type: "progress", id, progress });
  };
  return {
    software,
    notebooks,
    cache,
    spill,
    limits,
    signal,
    progress(progress: Progress) {
      const wait = progress.phase === phase ? last + PROGRESS_INTERVAL_MS - performance.now() : 0;
      clearTimeout(late);
      // What was told last is told in the end, also when nothing follows it for long.
      if (wait > 0) late = setTimeout(() => tell(progress), wait);
      else tell(progress);
    },
    connect: (reach) => databases.open(reach),
    connectShared: () => databases.connect(),
  };
}

function send(message: KernelMessage): void {
  process.send?.(message);
}

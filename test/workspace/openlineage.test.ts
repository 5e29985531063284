import { readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import * as z from "zod";

import { parsePartition, WHOLE } from "#protocol/ids.ts";
import type { AssetKey } from "#protocol/ids.ts";

import { log } from "../../server/cli/log.ts";
import { runVerb } from "../../server/api.ts";
import { erase } from "../../server/erase.ts";
import { call, vcfOf } from "../sources/vcf-case.ts";
import { until } from "../support/karyon.ts";
import { Asking } from "./asking.ts";

const ANNA = parsePartition("anna.smith/Sample-21");

/** What https://openlineage.io/spec/2-0-2/OpenLineage.json and its facets require, and nothing that they do not know. */
const FACET = z.object({ _producer: z.url(), _schemaURL: z.url({ protocol: /^https$/ }) }).loose();
const INPUT_FIELDS = z.array(
  z.strictObject({
    namespace: z.string(),
    name: z.string(),
    field: z.string(),
    transformations: z.array(
      z.strictObject({
        type: z.string(),
        subtype: z.string().optional(),
        description: z.string().optional(),
        masking: z.boolean().optional(),
      }),
    ),
  }),
);
const DATASET = {
  namespace: z.string().min(1),
  name: z.string().min(1),
  facets: z.strictObject({
    schema: FACET.extend({
      fields: z.array(z.strictObject({ name: z.string(), type: z.string() })),
    }).optional(),
    version: FACET.extend({ datasetVersion: z.string() }),
    columnLineage: FACET.extend({
      fields: z.record(z.string(), z.strictObject({ inputFields: INPUT_FIELDS })),
      dataset: INPUT_FIELDS.optional(),
    }).optional(),
  }),
};
const JOB = z.object({ namespace: z.string().min(1), name: z.string().min(1) });
const RUN_EVENT = z.strictObject({
  eventType: z.enum(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]),
  eventTime: z.iso.datetime(),
  producer: z.url(),
  schemaURL: z.url({ protocol: /^https$/ }),
  run: z.strictObject({
    runId: z.uuid(),
    facets: z.strictObject({
      parent: FACET.extend({ run: z.object({ runId: z.uuid() }), job: JOB }).optional(),
      processing_engine: FACET.extend({ version: z.string(), name: z.string() }).optional(),
      errorMessage: FACET.extend({ message: z.string(), programmingLanguage: z.string() }).optional(),
    }),
  }),
  job: JOB.extend({
    facets: z.strictObject({
      jobType: FACET.extend({ processingType: z.string(), integration: z.string(), jobType: z.string() }),
    }),
  }),
  inputs: z.array(z.strictObject(DATASET)),
  outputs: z.array(
    z.strictObject({
      ...DATASET,
      outputFacets: z.strictObject({
        outputStatistics: FACET.extend({ rowCount: z.int(), size: z.int().optional() }).optional(),
      }),
    }),
  ),
});
type RunEvent = z.output<typeof RUN_EVENT>;

let here: Asking;
let file: string;

beforeEach(async () => {
  here = await Asking.open();
  file = join(here.workspace.paths.root, "lineage.ndjson");
});

afterEach(() => here.close());

function tell(openlineage: string): Promise<unknown> {
  const { signal } = new AbortController();
  return runVerb(log, { openlineage, follow: false }, here.workspace, { signal, progress: () => {} });
}

async function told(): Promise<RunEvent[]> {
  const lines = (await readFile(file, "utf8")).trimEnd().split("\n");
  return lines.map((line) => RUN_EVENT.parse(JSON.parse(line)));
}

/** A sample whose name is in a column and in an asset, and a table with words that are nobody's business. */
async function addAnna(): Promise<void> {
  const vcf = join(here.workspace.paths.root, "private-name.vcf");
  await writeFile(vcf, vcfOf({ records: [call("0/1")] }));
  here.workspace.setPartition(ANNA, { vcf });
  if ((await here.workspace.definitions()).graph.assets.has("called" as AssetKey)) return;
  await here.edit(
    "```sql endless",
    `\`\`\`yaml file source=vcf
\`\`\`

\`\`\`yaml filters config
min_qual: 0
\`\`\`

\`\`\`yaml called normalise
source: file
filters: filters
\`\`\`

\`\`\`sql of_anna_smith asset
select count(*)::integer as sample_21_calls, 'secret' as word from called
\`\`\`

\`\`\`sql failing asset
select error('secret of anna.smith') as e from numbers
\`\`\`

\`\`\`sql endless`,
  );
}

test("runs and their steps are told as run events, with what they read and gave, and again only what is new", async () => {
  const run = await here.make("doubled");
  expect(await tell(file)).toEqual({ openlineage: file, run_events: 6 });
  const events = await told();
  expect(events.map(({ eventType, job }) => `${eventType} ${job.name}`)).toEqual([
    "START run",
    "START numbers",
    "COMPLETE numbers",
    "START doubled",
    "COMPLETE doubled",
    "COMPLETE run",
  ]);
  const [whole, , numbers, , doubled] = events;
  expect(doubled?.run.facets.parent?.run.runId).toBe(whole?.run.runId);
  expect(doubled?.inputs).toEqual([expect.objectContaining({ name: "numbers" })]);
  expect(numbers?.outputs[0]?.facets).toMatchObject(doubled?.inputs[0]?.facets ?? {});
  expect(doubled?.outputs[0]?.facets.columnLineage).toMatchObject({
    fields: {
      n: {
        inputFields: [
          { name: "numbers", field: "n", transformations: [{ type: "DIRECT", subtype: "TRANSFORMATION" }] },
        ],
      },
    },
    dataset: [],
  });
  expect(doubled?.outputs).toMatchObject([
    {
      name: "doubled",
      facets: { schema: { fields: [{ name: "n", type: "INTEGER" }] } },
      outputFacets: { outputStatistics: { rowCount: 1 } },
    },
  ]);
  expect(doubled?.run.facets.processing_engine).toMatchObject({ name: "duckdb" });

  expect(await tell(file)).toMatchObject({ run_events: 0 });
  await here.edit("select 1", "select 5");
  await here.make("numbers");
  await here.edit("select 5", "select 1");
  // A result that is taken over begins where it ends.
  await here.make("numbers");
  expect(await tell(file)).toMatchObject({ run_events: 8 });
  expect((await told()).slice(-4).map(({ eventType }) => eventType)).toEqual([
    "START",
    "START",
    "COMPLETE",
    "COMPLETE",
  ]);
  await rm(file);
  expect(await tell(file)).toMatchObject({ run_events: 14 });
  expect((await told())[0]?.run).toEqual(whole?.run);
  expect(run).toBe(1);
});

test("nothing of a person, a file, a value or a code is told, also of what fails or is stopped", async () => {
  await addAnna();
  await here.make("of_anna_smith", ANNA);
  await here.make("failing");
  const endless = await here.workspace.startRun("endless", WHOLE);
  await until(() =>
    here.workspace.catalog.eventsOfRun(endless.id).some(({ event }) => event.type === "step_started"),
  );
  here.workspace.live.cancel(endless.id, false);
  await endless.ended;
  await tell(file);
  const text = await readFile(file, "utf8");
  expect(text).not.toMatch(/anna|smith|sample.?21|private|secret|quiet|select|error\(|\.vcf|\/tmp|min_qual/i);
  // Whoever has the same file could make out whose it is.
  const version = here.workspace.catalog.versions.headRecord("called" as AssetKey, ANNA)?.dataVersion;
  expect(version).toBeDefined();
  expect(text).not.toContain(version);
  const events = await told();
  const open = new Map(events.map(({ run, eventType, job }) => [run.runId, `${job.name} ${eventType}`]));
  expect([...open.values()].filter((one) => one.endsWith("START"))).toEqual([]);
  expect([...open.values()]).toEqual(
    expect.arrayContaining(["failing FAIL", "endless ABORT", "run FAIL", "run ABORT"]),
  );
  expect(events.find(({ run }) => run.facets.errorMessage)?.run.facets.errorMessage?.message).toBe("engine");
  const last = events.find(({ job, eventType }) => job.name.startsWith("of_n-") && eventType === "COMPLETE");
  expect(last?.outputs[0]?.name).toMatch(/^of_n-[0-9a-f]{16}\/p-[0-9a-f]{16}$/);
  expect(last?.outputs[0]?.facets.schema?.fields).toMatchObject([
    { name: expect.stringMatching(/^n-[0-9a-f]{16}_calls$/) as string, type: "INTEGER" },
    { name: "word", type: "VARCHAR" },
  ]);
});

test("a sample that was erased and is added again is another one", async () => {
  const names = async (): Promise<(string | undefined)[]> => {
    await here.make("called", ANNA);
    await tell(file);
    return (await told()).flatMap(({ job, outputs }) =>
      job.name === "called" ? outputs.map(({ name }) => name) : [],
    );
  };
  await addAnna();
  const [first] = await names();
  await erase(here.workspace, [ANNA]);
  await addAnna();
  const [, second] = await names();
  expect(second).toMatch(/^called\/p-/);
  expect(second).not.toBe(first);
});

/** An endpoint on this computer, and what it was told. */
async function endpoint(
  port = 0,
): Promise<{ server: Server; address: string; port: number; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      events.push(RUN_EVENT.parse(JSON.parse(body)));
      response.statusCode = 201;
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port: open } = server.address() as AddressInfo;
  return { server, address: `http://127.0.0.1:${open}/api/v1/lineage`, port: open, events };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

test("an address is told one event a request; while it is down nothing is lost, and a tail that follows waits for it", async () => {
  const first = await endpoint();
  await here.make("numbers");
  expect(await tell(first.address)).toMatchObject({ run_events: 4 });
  expect(first.events).toHaveLength(4);
  await stop(first.server);
  await here.make("doubled");
  await expect(tell(first.address)).rejects.toMatchObject({
    info: { code: "source", message: `127.0.0.1:${first.port} does not answer` },
  });

  const ends = new AbortController();
  const heard: (string | undefined)[] = [];
  const following = runVerb(log, { openlineage: first.address, follow: true }, here.workspace, {
    signal: ends.signal,
    progress: (_asset, { phase }) => heard.push(phase),
  });
  const second = await endpoint(first.port);
  await until(() => second.events.length === 4);
  expect(second.events.map(({ job }) => job.name)).toEqual(["run", "doubled", "doubled", "run"]);
  await here.edit("select 1", "select 7");
  await here.make("numbers");
  // That it was taken is known here after it is known there.
  await until(() => heard.includes("8 run events told"));
  ends.abort();
  expect(second.events).toHaveLength(8);
  expect(await following).toMatchObject({ run_events: 8 });
});

test("what an address answers but success is an error, and it leads nowhere else", async () => {
  await here.make("numbers");
  const elsewhere = await endpoint();
  const server = createServer((_request, response) => {
    response.writeHead(307, { Location: elsewhere.address }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  await expect(tell(`http://127.0.0.1:${port}/`)).rejects.toThrow(`127.0.0.1:${port} answers 307`);
  expect(elsewhere.events).toEqual([]);
});

test("two places that are told at the same moment have the same names, and are told nothing twice", async () => {
  await here.make("numbers");
  const other = `${file}.2`;
  await Promise.all([tell(file), tell(other)]);
  expect(await readFile(other, "utf8")).toBe(await readFile(file, "utf8"));
  for (const place of [file, other]) expect(await tell(place)).toMatchObject({ run_events: 0 });
});

test("nothing is told again, under other names, because what was told could not be read", async () => {
  await here.make("numbers");
  await tell(file);
  const before = await readFile(file, "utf8");
  const kept = join(here.workspace.paths.home, "openlineage.json");
  await rename(kept, `${kept}.aside`);
  await symlink("openlineage.json", kept);
  await expect(tell(file)).rejects.toThrow("ELOOP");
  await rename(`${kept}.aside`, kept);
  expect(await tell(file)).toMatchObject({ run_events: 0 });
  expect(await readFile(file, "utf8")).toBe(before);
});

test("a page cannot have anything told anywhere", async () => {
  for (const openlineage of ["http://127.0.0.1:9/", file]) {
    await expect(here.ask("log", { openlineage })).rejects.toMatchObject({ info: { code: "usage" } });
  }
  await expect(readFile(file)).rejects.toThrow("ENOENT");
});

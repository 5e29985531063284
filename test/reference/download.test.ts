import type { ChildProcess } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";

import { downloadReference, verifyReference } from "../../kernel/reference/download.ts";
import type { Downloaded } from "../../kernel/reference/download.ts";
import { cachedShards, shardFolder } from "../../kernel/reference/shards.ts";
import { hubOf } from "../../kernel/sources/hugging-face.ts";
import type { Hub } from "../../kernel/sources/hugging-face.ts";
import { withFullDisk } from "../support/full-disk.ts";
import { endOf, startKaryon, temporaryFolder, until } from "../support/karyon.ts";
import { HubServer, REVISION } from "./hub-server.ts";

/** Begins and ends as Parquet does; what is between is for no reader. */
const shard = (fill: string): Buffer => Buffer.from(`PAR1${fill.repeat(5000)}PAR1`);
const ONE = "data/homo_sapiens-chr1.parquet";
const TWO = "data/homo_sapiens-chrMT.parquet";

let server: HubServer;
let cache: string;
const waits: number[] = [];
const context = { signal: new AbortController().signal, progress: () => {} };

beforeEach(async () => {
  server = await HubServer.start({ [ONE]: shard("one"), [TWO]: shard("two"), "README.md": Buffer.from("#") });
  cache = await mkdtemp(join(tmpdir(), "karyon-hub-"));
  waits.length = 0;
});
afterEach(async () => {
  await server.stop();
  await rm(cache, { recursive: true, force: true });
});

function hub(changes: Partial<Hub> = {}): Hub {
  const wait = (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    return Promise.resolve();
  };
  return { endpoint: server.endpoint, token: null, wait, ...changes };
}

function download(changes: Partial<Hub> = {}): Promise<Downloaded> {
  return downloadReference({ repo: "own/set", revision: "main", cache }, hub(changes), context);
}

async function states(): Promise<string[]> {
  const { files } = await verifyReference(cache, context);
  return files.map(({ file, state }) => `${file} ${state}`);
}

test("shards are downloaded whole, the rest of the dataset is not", async () => {
  expect(await download()).toMatchObject({ revision: REVISION, files: 2, downloaded: 2 });
  expect((await readdir(shardFolder(cache))).toSorted()).toEqual([
    "homo_sapiens-chr1.parquet",
    "homo_sapiens-chrMT.parquet",
  ]);
  expect(await readFile(join(shardFolder(cache), "homo_sapiens-chr1.parquet"))).toEqual(shard("one"));
  expect(await states()).toEqual(["homo_sapiens-chr1.parquet whole", "homo_sapiens-chrMT.parquet whole"]);
});

test("what is there and whole is not downloaded again", async () => {
  await download();
  server.asked.length = 0;
  expect(await download()).toMatchObject({ downloaded: 0 });
  expect(server.asked.some((path) => path.startsWith("/cdn/"))).toBe(false);
});

test("a download goes on where it stopped", async () => {
  await mkdir(shardFolder(cache), { recursive: true });
  await writeFile(join(shardFolder(cache), "homo_sapiens-chr1.parquet.part"), shard("one").subarray(0, 7000));
  await download();
  expect(server.asked).toContain(`/cdn/${ONE} bytes=7000-`);
  expect(await states()).toContain("homo_sapiens-chr1.parquet whole");
});

test("a download that was stopped is not verified as whole", async () => {
  await mkdir(shardFolder(cache), { recursive: true });
  await writeFile(join(shardFolder(cache), "homo_sapiens-chr1.parquet"), shard("one"));
  await writeFile(
    join(shardFolder(cache), "homo_sapiens-chrMT.parquet.part"),
    shard("two").subarray(0, 7000),
  );
  expect(await states()).toEqual([
    "homo_sapiens-chr1.parquet unlisted",
    "homo_sapiens-chrMT.parquet missing",
  ]);
});

test("a connection that breaks is taken up again, with what has come", async () => {
  let broken = false;
  server.interfere = (request, response) => {
    if (broken || request.url !== `/cdn/${ONE}`) return false;
    broken = true;
    response.writeHead(200, { "content-length": shard("one").length });
    response.write(shard("one").subarray(0, 9000), () => response.destroy());
    return true;
  };
  expect(await download()).toMatchObject({ downloaded: 2 });
  expect(await states()).toContain("homo_sapiens-chr1.parquet whole");
});

test.each([429, 500, 503])("an answer of %i is asked again, later each time", async (status) => {
  let left = 3;
  server.interfere = (_request, response) => {
    if (left-- <= 0) return false;
    response.writeHead(status).end();
    return true;
  };
  expect(await download()).toMatchObject({ downloaded: 2 });
  expect(waits).toEqual([1000, 2000, 4000]);
});

test("a file with another hash than the hub states is thrown away", async () => {
  server.statedHashes.set(ONE, "0".repeat(64));
  await expect(download()).rejects.toThrow("its SHA-256 differs");
  expect(await readdir(shardFolder(cache))).toEqual([]);
});

test.runIf(process.platform === "linux")(
  "a disk that has no room for the end of a file is said to be full, and the download goes on",
  async () => {
    await withFullDisk(15_000, () => expect(download()).rejects.toThrow("EFBIG"));
    await download();
    expect(server.asked).toContain(`/cdn/${ONE} bytes=15000-`);
    expect(await states()).toContain("homo_sapiens-chr1.parquet whole");
  },
);

test("a file longer than the hub states is refused", async () => {
  server.interfere = (request, response) => {
    if (request.url !== `/cdn/${ONE}`) return false;
    response.end(Buffer.concat([shard("one"), Buffer.from("more")]));
    return true;
  };
  await expect(download()).rejects.toThrow("is longer than the 15008 bytes");
});

test("a list of files without end is refused, also one that is packed small", async () => {
  for (const packed of [false, true]) {
    server.interfere = (request, response) => {
      if (request.url?.startsWith("/api/") !== true) return false;
      const list = Buffer.alloc(20 * 2 ** 20, " ");
      response.writeHead(200, packed ? { "content-encoding": "gzip" } : {});
      response.end(packed ? gzipSync(list) : list);
      return true;
    };
    await expect(download()).rejects.toThrow("its list of files has no end");
  }
});

test.each(["hub", "ftp://127.0.0.1/", "file:///etc/passwd"])("%s is no address of a hub", (named) => {
  expect(() => hubOf({ HF_ENDPOINT: named })).toThrow(`not the address of a hub: ${named}`);
});

test("redirects without end are refused", async () => {
  server.interfere = (request, response) => {
    if (request.url?.startsWith("/datasets/") !== true) return false;
    response.writeHead(302, { location: request.url }).end();
    return true;
  };
  await expect(download()).rejects.toThrow("more than 3 redirects");
});

test("the token goes to the hub and to nobody that it points to", async () => {
  const elsewhere = await HubServer.start(Object.fromEntries(server.files));
  try {
    server.interfere = (request, response) => {
      if (request.url?.startsWith("/datasets/") !== true) return false;
      const path = request.url.split("/").slice(6).join("/");
      response.writeHead(302, { location: `${elsewhere.endpoint}/cdn/${path}` }).end();
      return true;
    };
    await download({ token: "secret" });
    expect(new Set(server.tokens)).toEqual(new Set(["Bearer secret"]));
    expect(new Set(elsewhere.tokens)).toEqual(new Set([null]));
    expect(elsewhere.tokens).toHaveLength(2);
  } finally {
    await elsewhere.stop();
  }
});

test("an answer of 401 says to set a token", async () => {
  server.interfere = (_request, response) => {
    response.writeHead(401).end();
    return true;
  };
  await expect(download()).rejects.toMatchObject({
    info: { hint: expect.stringContaining("HF_TOKEN") as string },
  });
});

test("without a connection, the error says so and leaves nothing", async () => {
  const { endpoint } = server;
  await server.stop();
  await expect(download({ endpoint })).rejects.toThrow("cannot be reached");
  expect(waits).toHaveLength(4);
  server = await HubServer.start({});
});

test("a file that was cut off, changed or lost is named", async () => {
  await download();
  const [one, two] = ["homo_sapiens-chr1.parquet", "homo_sapiens-chrMT.parquet"].map((name) =>
    join(shardFolder(cache), name),
  );
  await truncate(one ?? "", 100);
  await writeFile(two ?? "", shard("too"));
  expect(await states()).toEqual([
    "homo_sapiens-chr1.parquet cut off",
    "homo_sapiens-chrMT.parquet other content",
  ]);
  await rm(two ?? "");
  expect(await states()).toContain("homo_sapiens-chrMT.parquet missing");
  expect(await download()).toMatchObject({ downloaded: 2 });
});

test("without a list that can be read, whole shards are unlisted", async () => {
  await download();
  await writeFile(join(cache, "ensembl_variations/snapshot.json"), "{cut off");
  expect(await states()).toEqual([
    "homo_sapiens-chr1.parquet unlisted",
    "homo_sapiens-chrMT.parquet unlisted",
  ]);
});

test("an empty cache is a failure that says what to do", async () => {
  const failure = {
    info: { code: "asset", hint: expect.stringContaining("karyon download-ensembl") as string },
  };
  await expect(verifyReference(cache, context)).rejects.toMatchObject(failure);
  await expect(cachedShards(cache, context.signal)).rejects.toMatchObject(failure);
});

test("a folder of shards that cannot be read is not an empty one", async () => {
  const folder = shardFolder(cache);
  await mkdir(dirname(folder), { recursive: true });
  await writeFile(folder, "");
  const refusal = `the folder cannot be read: not a folder: ${folder}`;
  await expect(verifyReference(cache, context)).rejects.toThrow(refusal);
  await expect(cachedShards(cache, context.signal)).rejects.toThrow(refusal);
});

test("a shard that changed has another hash, though it was remembered", async () => {
  await download();
  const before = await cachedShards(cache, context.signal);
  await writeFile(join(shardFolder(cache), "homo_sapiens-chr1.parquet"), shard("once"));
  const after = await cachedShards(cache, context.signal);
  expect(after.map(({ chrom }) => chrom)).toEqual(["1", "MT"]);
  expect(after[0]?.sha256).not.toBe(before[0]?.sha256);
  expect(after[1]).toEqual(before[1]);
});

test.each(["<html>Log in</html>", '{"message": "hello"}'])("an answer of %s is of no hub", async (page) => {
  server.interfere = (_request, response) => {
    response.end(page);
    return true;
  };
  await expect(download()).rejects.toMatchObject({
    info: { code: "source", message: expect.stringContaining("it answered no list of files") },
  });
});

test("a listing that breaks off is asked for again", async () => {
  let broken = 0;
  server.interfere = (request, response) => {
    if (broken === 2 || request.url?.startsWith("/api/") !== true) return false;
    broken += 1;
    response.writeHead(200, { "content-length": "100" }).write("{");
    setImmediate(() => response.destroy());
    return true;
  };
  expect(await download()).toMatchObject({ downloaded: 2 });
});

test("of two commands at once the second waits, and finds what the first brought", async () => {
  const workspace = await temporaryFolder("download");
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(workspace, { recursive: true });
  });
  vi.stubEnv("KARYON_HF_ENDPOINT", server.endpoint);
  let begun = 0;
  const held: (() => void)[] = [];
  server.interfere = (request, response) => {
    if (request.url !== `/cdn/${ONE}`) return false;
    begun += 1;
    const whole = shard("one");
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { "content-length": whole.length - from });
    response.write(whole.subarray(from, from + 100));
    held.push(() => response.end(whole.subarray(from + 100)));
    return true;
  };
  const command = (): ChildProcess =>
    startKaryon(workspace, "--json", "download-ensembl", "--repo", "own/set");
  const first = endOf(command());
  await until(() => begun === 1);
  const second = command();
  const ended = endOf(second);
  // Either it waits, or it asks for the same file.
  let said = "";
  second.stderr?.on("data", (text: string) => (said += text));
  await until(() => begun > 1 || said.includes("waiting for another download"));
  for (const go of held) go();
  expect(JSON.parse((await first).stdout)).toMatchObject({ files: 2, downloaded: 2 });
  expect(JSON.parse((await ended).stdout)).toMatchObject({ files: 2, downloaded: 0 });
});

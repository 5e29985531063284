import { join } from "node:path";

import { DatabaseSync } from "@photostructure/sqlite";
import { beforeEach, expect, test } from "vitest";

import { assetKey, parsePartition } from "#protocol/ids.ts";

import { Catalog } from "../../server/catalog/catalog.ts";
import { temporaryFolder } from "../support/karyon.ts";
import { recordBody } from "../support/record-body.ts";

const ANNA = parsePartition("anna/genome");
const TABLE = assetKey("normalized");

/** The tables of the first version and what the second and third changed of them. */
const FIRST = `
  create table event (
    seq integer primary key autoincrement, ts text not null, run integer, type text not null,
    asset text, partition text, version text, body text not null
  );
  create index event_run on event (run, seq) where run is not null;
  create index event_asset on event (asset, partition, seq) where asset is not null;
  create table head (
    asset text not null, partition text not null, event integer not null references event, version text not null,
    primary key (asset, partition)
  ) without rowid;
  create table partition (
    key text primary key, incarnation integer not null, hidden integer not null, attributes text not null
  ) without rowid;
  create table lease (name text primary key, holder text not null, expires integer not null) without rowid;
  insert into lease values ('run 1', '1 4711-of-before', 1800000000000);
`;
const SECOND = `
  create table hold (
    asset text not null, partition text not null, event integer not null references event, primary key (asset, partition)
  ) without rowid;
`;

let path: string;

beforeEach(async () => {
  path = join(await temporaryFolder("versions"), "catalog.sqlite");
});

function withFile<Result>(work: (file: InstanceType<typeof DatabaseSync>) => Result): Result {
  const file = new DatabaseSync(path);
  try {
    return work(file);
  } finally {
    file.close();
  }
}

test.each([
  [1, FIRST],
  [2, `${FIRST}${SECOND}`],
])(
  "a catalog of version %i is gone on with: nothing of it is lost, and it can be written",
  (version, tables) => {
    const record = recordBody({ asset: TABLE, partition: ANNA, hash: "v1", bytes: 10 });
    const made = { type: "materialised", run: 1, asset: TABLE, partition: ANNA, record };
    withFile((file) => {
      file.exec(`${tables} pragma user_version = ${version};`);
      file
        .prepare(
          "insert into event (ts, run, type, asset, partition, version, body) values (?, 1, ?, ?, ?, ?, ?)",
        )
        .run("2026-11-20T12:00:00.000Z", made.type, TABLE, ANNA, record.dataVersion, JSON.stringify(made));
      file.prepare("insert into head values (?, ?, 1, ?)").run(TABLE, ANNA, record.dataVersion);
    });
    const catalog = new Catalog(path);
    expect(catalog.versions.head(TABLE, ANNA)).toMatchObject({
      kind: "record",
      record: { dataVersion: record.dataVersion },
    });
    expect(catalog.leases.isHeld("run 1")).toBe(false);
    expect(catalog.leases.take("run 2", 2)).toBe(true);
    catalog.append({ type: "held", asset: TABLE, partition: ANNA, dataVersion: record.dataVersion });
    expect(catalog.latest(10).map(({ event }) => event.type)).toEqual(["held", "materialised"]);
    catalog.close();
    expect(new Catalog(path).versions.head(TABLE, ANNA)).not.toBeNull();
  },
);

test("a catalog of a newer Karyon is refused, and stays as it is", () => {
  new Catalog(path).close();
  const next = withFile((file) => {
    const { user_version: version } = file.prepare("pragma user_version").get() as { user_version: number };
    file.exec(`alter table event add column more text; pragma user_version = ${version + 1}`);
    return version + 1;
  });
  expect(() => new Catalog(path)).toThrow(
    `this workspace was written by a newer Karyon (catalog ${next}, this one knows ${next - 1})`,
  );
  expect(withFile((file) => file.prepare("pragma user_version").get())).toEqual({ user_version: next });
});

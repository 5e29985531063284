import { expect, test } from "vitest";

import type { ExportedNotebook } from "#protocol/exported.ts";

import { embeddedServer } from "../../ui/export/embedded-server.ts";
import { key } from "../ui/views.ts";

test("a table of which a file holds the first rows is a part; one that nobody counted may be whole", () => {
  const table = (rows: number, of: number | null) => ({ columns: [], rows, of, without: 0, blocks: [] });
  const tables = { cut: table(10, 20), whole: table(20, 20), uncounted: table(20, null) };
  const { hasPart } = embeddedServer({ tables } as unknown as ExportedNotebook);
  expect(["cut", "whole", "uncounted", "absent"].map((name) => hasPart?.(key(name)))).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

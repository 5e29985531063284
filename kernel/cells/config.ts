import type { DataVersion } from "#protocol/ids.ts";

import * as z from "zod";

import type { CellType } from "./cell-type.ts";
import { hashValue } from "./hash-value.ts";
import { readYaml } from "./yaml-cell.ts";

/** `yaml NAME config`: a value that other cells read; a change of it makes them stale. */
export const config: CellType = {
  name: "config",
  code: import.meta.url,
  takes: (cell) => cell.language === "yaml" && "config" in cell.attributes,
  analyse: (cell) => {
    readYaml(cell, z.unknown());
    return Promise.resolve({ inputs: [], parts: {}, output: "none", external: true });
  },
  observe: (cell) => {
    const value = readYaml(cell, z.unknown());
    const parts = Object.fromEntries(
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(value).map(([key, item]) => [key, JSON.stringify(item)])
        : [["value", JSON.stringify(value)]],
    );
    const summary = Object.entries(parts).map(([key, item]) => `${key} ${item}`);
    return Promise.resolve({
      dataVersion: hashValue(value) as DataVersion,
      parts,
      summary: summary.join(" · "),
      bytes: 0,
      facts: value,
    });
  },
};

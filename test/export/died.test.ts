// @vitest-environment jsdom
import { createElement } from "react";
import { expect, test } from "vitest";

import type { ExportedNotebook } from "#protocol/exported.ts";

import type { EmbeddedServer } from "../../ui/export/embedded-server.ts";
import { ExportAsset } from "../../ui/export/export-asset.tsx";
import { ExportContext } from "../../ui/export/use-export.ts";
import type { Outputs } from "../../ui/runtime/outputs.ts";
import { OutputsContext } from "../../ui/shell/use-store.tsx";
import { cellStates } from "../../ui/state/cell-state.ts";
import { doing, inJsdom } from "../ui/in-jsdom.ts";
import { asset, cell, snapshot } from "../ui/views.ts";

const drawn = inJsdom();

test("an exported cell whose kernel died says why, as one that failed does", async () => {
  const error = { code: "killed", message: "out of memory" } as const;
  const died = asset("a", { record: null, status: { state: "failed", error, run: 1 } });
  const notebook: Partial<ExportedNotebook> = {
    snapshot: snapshot({ assets: [died] }),
    choices: { code: "left-out", rows: 10 },
    provenance: {},
    reports: {},
    leftOut: {},
    tables: {},
  };
  const outputs: Partial<Outputs> = { subscribe: () => () => {}, value: () => null };
  const states = cellStates({ assets: [died], runs: [], stopping: new Set(), offline: false });
  const shown = createElement(ExportAsset, { cell: cell("a"), asset: died, states });
  const value = { notebook: notebook as ExportedNotebook, server: {} as EmbeddedServer };
  await doing(() =>
    drawn.root.render(
      createElement(
        ExportContext,
        { value },
        createElement(OutputsContext, { value: outputs as Outputs }, shown),
      ),
    ),
  );
  expect(drawn.place.querySelector(".error-card")?.textContent).toContain(
    "the last run failed: out of memory",
  );
});

import { onTestFinished } from "vitest";

import type { QueryRequest } from "#protocol/messages.ts";
import type { CellView } from "#protocol/view.ts";

import { readPage } from "../../ui/connection/read-page.ts";
import type { Output } from "../../ui/runtime/output.ts";
import { Outputs } from "../../ui/runtime/outputs.ts";
import { asset, snapshot } from "./views.ts";

/** A cell of a notebook. */
export function cell(
  language: string,
  name: string | null,
  source: string,
  changes: Partial<CellView> = {},
): CellView {
  return {
    id: name ?? `${language}-${source.length}`,
    name,
    language,
    kind: language === "md" ? "markdown" : language === "sql" ? "sql" : "view",
    source,
    attributes: {},
    inputs: language === "sql" ? [] : null,
    asset: null,
    error: null,
    disabledBy: null,
    ...changes,
  };
}

export interface Page {
  readonly show: (...cells: readonly CellView[]) => void;
  /** Settles when the variable has such a value. */
  readonly until: (name: string, wanted: (output: Output) => boolean) => Promise<Output>;
  readonly queries: { readonly query: QueryRequest; readonly signal: AbortSignal }[];
  readonly outputs: Outputs;
  /** Cells whose modules were loaded, once for each time. */
  readonly loaded: string[];
}

/** Node loads no module from a `blob:` address: the same text is loaded from a `data:` one. */
const load = async (module: string): Promise<(...inputs: readonly unknown[]) => Promise<unknown>> => {
  const loaded = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(module)}`)) as {
    default: (...inputs: readonly unknown[]) => Promise<unknown>;
  };
  return loaded.default;
};

async function* messages(answer: Promise<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield await answer;
}

/** A page without a server: `answer` is what a live query gives. */
export function page(
  answer: (query: QueryRequest) => Promise<Uint8Array> = () => new Promise(() => {}),
): Page {
  const queries: Page["queries"] = [];
  const loaded: string[] = [];
  const outputs = new Outputs(
    {
      table: () => {
        throw new Error("no table is read here");
      },
      firstRows: () => Promise.reject(new Error("no table is read here")),
      column: () => Promise.reject(new Error("no column is summed up here")),
      query: (query, signal) => {
        queries.push({ query, signal });
        return readPage(messages(answer(query)));
      },
      exportUrl: null,
    },
    (module, { cell }) => {
      loaded.push(cell);
      return load(module);
    },
  );
  onTestFinished(() => outputs.dispose());
  return {
    outputs,
    loaded,
    queries,
    show: (...cells) => {
      const base = snapshot({ assets: [asset("kept", { record: null })] });
      outputs.sync({ ...base, notebook: { ...base.notebook, cells } });
    },
    until: (name, wanted) =>
      new Promise((resolve) => {
        const look = (): void => {
          const output = outputs.value(name);
          if (output === null || !wanted(output)) return;
          stop();
          resolve(output);
        };
        const stop = outputs.subscribe(look);
        look();
      }),
  };
}

/** Whether an output is of a kind. */
export const is =
  (kind: Output["kind"]) =>
  (output: Output): boolean =>
    output.kind === kind;
/** Whether an output is this value. */
export const hasValue =
  (value: unknown) =>
  (output: Output): boolean =>
    output.kind === "variable" && output.value === value;

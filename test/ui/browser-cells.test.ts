// @vitest-environment jsdom
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { describe, expect, onTestFinished, test, vi } from "vitest";

import type { PartitionKey } from "#protocol/ids.ts";
import type { CellView } from "#protocol/view.ts";

import { readPage } from "../../ui/connection/read-page.ts";
import { builtin } from "../../ui/runtime/builtins.ts";
import type { Values } from "../../ui/runtime/generators.ts";
import { Outputs } from "../../ui/runtime/outputs.ts";
import type { LiveQuery } from "../../ui/runtime/compute.ts";
import { ROWS_READ } from "../../ui/runtime/table-rows.ts";
import { scriptError } from "../../ui/runtime/script-error.ts";
import type { Output } from "../../ui/runtime/output.ts";
import { PERSON, asset, snapshot } from "./views.ts";

function cell(
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

interface Page {
  readonly show: (...cells: readonly CellView[]) => void;
  /** Settles when the variable has such a value. */
  readonly until: (name: string, wanted: (output: Output) => boolean) => Promise<Output>;
  readonly queries: { readonly query: LiveQuery; readonly signal: AbortSignal }[];
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
function page(answer: (query: LiveQuery) => Promise<Uint8Array> = () => new Promise(() => {})): Page {
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

const is =
  (kind: Output["kind"]) =>
  (output: Output): boolean =>
    output.kind === kind;
const hasValue =
  (value: unknown) =>
  (output: Output): boolean =>
    output.kind === "variable" && output.value === value;

describe("browser cells", () => {
  test("a name goes from the cell that defines it to those that read it, in any order", async () => {
    const { show, until } = page();
    show(cell("js", "double", "a * 2"), cell("js", null, "const a = 21;"));
    await until("var:double", hasValue(42));
    show(cell("js", "double", "a * 2"), cell("js", null, "const a = 4;"));
    await until("var:double", hasValue(8));
  });

  test("a cell that fails is red, what reads it is blocked and names it, the others live", async () => {
    const { show, until } = page();
    show(
      cell("js", "bad", "null.x"),
      cell("js", "below", "bad + 1"),
      cell("js", "further", "below + 1"),
      cell("js", "other", "1"),
    );
    expect(await until("cell:further", is("blocked"))).toMatchObject({
      by: "cell bad",
      error: { code: "notebook", cell: "bad" },
    });
    expect(await until("cell:bad", is("error"))).toMatchObject({
      error: { message: expect.stringMatching(/^TypeError/) as unknown },
    });
    await until("var:other", hasValue(1));
  });

  test("what reads an asset that is not made, or a disabled cell, says so", async () => {
    const { show, until } = page();
    show(
      cell("js", "rows", "kept.numRows"),
      cell("js", "off", "1", { attributes: { disabled: "" } }),
      cell("js", "below", "off"),
    );
    expect(await until("cell:rows", is("blocked"))).toMatchObject({ by: "kept" });
    expect(await until("cell:below", is("blocked"))).toMatchObject({ error: { message: "disabled" } });
  });

  test("a syntax error blocks what reads the names that the cell would define", async () => {
    const { show, until } = page();
    show(cell("js", null, "const a = ;"), cell("js", "below", "a"));
    expect(await until("cell:below", is("blocked"))).toMatchObject({
      error: { span: { line: 1, column: 11 } },
    });
  });

  test("a Mutable is its value outside its cell, and a generator each of its values", async () => {
    const { show, until } = page();
    show(
      cell("js", null, "const n = Mutable(1); const up = () => ++n.value;"),
      cell("js", "seen", "n * 10"),
      cell("js", "last", "(function*() { yield 1; yield 2; yield 3; })()"),
    );
    await until("var:seen", hasValue(10));
    const up = await until("var:up", is("variable"));
    if (up.kind === "variable") (up.value as () => void)();
    await until("var:seen", hasValue(20));
    await until("var:last", hasValue(3));
  });

  test("a cell whose generator throws after some values says so, as what reads it does", async () => {
    const { show, until, outputs } = page();
    const source =
      "async function* f() {\n  yield 1;\n  throw new Error('midway');\n}\nconst steps = f(), other = 2;";
    show(cell("js", "steps", source), cell("js", "seen", "steps * 10"));
    const error = { message: "Error: midway", cell: "steps" };
    expect(await until("cell:seen", is("blocked"))).toMatchObject({ by: "steps", error });
    expect(outputs.ofCell("steps")).toMatchObject({ kind: "error", error });
    await until("var:other", hasValue(2));
  });

  test("an input cell is the value of its input, and follows it", async () => {
    const { show, until, outputs, loaded } = page();
    const twice = cell("js", "twice", "n * 2");
    show(
      twice,
      cell("input", "n", "Object.assign(document.createElement('input'), {type: 'range', value: 7})"),
    );
    await until("var:n", hasValue(7));
    const input = outputs.stage("n").element.querySelector("input");
    if (input === null) throw new Error("nothing was shown");
    input.value = "9";
    input.dispatchEvent(new Event("input"));
    await until("var:n", hasValue(9));
    await until("var:twice", hasValue(18));
    // The browser keeps every module that was ever loaded.
    expect(loaded.toSorted()).toEqual(["n", "twice"]);
  });

  test("prose shows values as text", async () => {
    const { show, until } = page();
    show(cell("md", null, "There are ${n}.", { id: "p" }), cell("js", "n", "'<b>' + 12"));
    expect(await until("prose:p", is("markup"))).toMatchObject({
      html: expect.stringContaining("&lt;b&gt;12") as unknown,
    });
  });

  test("nothing that was made of one person's rows stays under another's name; an input stays as it is", async () => {
    const { until, outputs } = page();
    const show = (partition: PartitionKey, observed: string | null): void => {
      const kept = asset("kept", { partition, external: true, observed, record: null });
      const cells = [
        cell("js", "drawn", "display(kept)"),
        cell("input", "n", "document.createElement('input')"),
        cell("md", null, "It is ${kept}.", { id: "p" }),
      ];
      const base = snapshot({ partition, assets: [kept] });
      outputs.sync({ ...base, notebook: { ...base.notebook, cells } });
    };
    show(PERSON, "anna's");
    await until("prose:p", is("markup"));
    await until("cell:drawn", is("cell"));
    await until("cell:n", is("cell"));
    const stage = outputs.stage("drawn").element;
    expect(stage.textContent).toContain("anna's");
    show("bob/genome" as PartitionKey, null);
    expect(stage.textContent).toBe("");
    expect(outputs.value("prose:p")).toBeNull();
    await until("cell:drawn", is("blocked"));
    expect(stage.textContent).toBe("");
    expect(outputs.stage("n").element.querySelector("input")).not.toBeNull();
  });

  test("a query that is cut says that it is a part, as the foot of its table does", async () => {
    const { show, until } = page(async () =>
      tableToIPC(tableFromArrays({ n: new Int32Array(ROWS_READ + 1) }), "stream"),
    );
    show(cell("sql", "q", "select n from many"));
    expect(await until("cell:q", is("table"))).toMatchObject({
      table: { rows: ROWS_READ, exact: false },
      notes: [expect.stringContaining("is cut")],
    });
  });

  test("the width is what the column has within its padding, and stays while another page is shown", async () => {
    let resized = (): void => {};
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(told: () => void) {
          resized = told;
        }
        observe(): void {}
        disconnect(): void {}
      },
    );
    const column = document.body.appendChild(document.createElement("div"));
    onTestFinished(() => {
      column.remove();
      vi.unstubAllGlobals();
    });
    column.className = "column";
    column.style.padding = "0 26px 0 10px";
    let room = 896;
    vi.spyOn(column, "clientWidth", "get").mockImplementation(() => room);
    const width = (await builtin("width")) as Values<number>;
    const next = async (): Promise<unknown> => (await width.next()).value;
    expect(await next()).toBe(800);
    const later = next();
    for (room of [0, 896, 436]) resized();
    expect(await later).toBe(340);
  });

  test("what a cell displayed stays while a newer run fails", async () => {
    const { show, until, outputs } = page();
    show(cell("js", "a", "display('shown')"));
    await until("cell:a", is("cell"));
    show(cell("js", "a", "display(nothing())"));
    await until("cell:a", is("error"));
    expect(outputs.stage("a").element.textContent).toContain("shown");
  });
});

describe("live SQL", () => {
  test("binds its own values and those of the live cells it reads", async () => {
    const { show, until, queries } = page(async () =>
      tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2) })),
    );
    show(
      cell("js", "low", "3"),
      cell("sql", "base", "select * from kept where x > ${low}"),
      cell("sql", "top", "select * from base limit ${low + 1}", { inputs: ["base"] }),
      cell("js", "rows", "top.numRows"),
    );
    await until("var:rows", hasValue(2));
    expect(queries.map(({ query }) => query).find(({ cell }) => cell === "top")).toMatchObject({
      values: { top: [4], base: [3] },
    });
  });

  test("a newer value stops the query of the older, and no view sees one with the result of the other", async () => {
    const waiting: (() => void)[] = [];
    const { show, until, queries, outputs } = page(async ({ values }) => {
      const [n] = values["rows"] ?? [];
      if (n === 1) await new Promise<void>((resolve) => waiting.push(resolve));
      return tableToIPC(tableFromArrays({ n: Int32Array.of(Number(n)) }));
    });
    const seen: unknown[] = [];
    const cells = (n: number): CellView[] => [
      cell("js", "n", String(n)),
      cell("sql", "rows", "select ${n} as n"),
      cell("js", "pair", "`${n} ${rows.get(0).n}`"),
    ];
    outputs.subscribe(() => {
      const pair = outputs.value("var:pair");
      if (pair?.kind === "variable") seen.push(pair.value);
    });
    show(...cells(1));
    await new Promise<void>((resolve) => {
      const look = (): unknown => (queries.length === 1 ? resolve() : setTimeout(look, 5));
      look();
    });
    show(...cells(2));
    await until("var:pair", hasValue("2 2"));
    expect(queries[0]?.signal.aborted).toBe(true);
    for (const resolve of waiting) resolve();
    expect(new Set(seen)).toEqual(new Set(["2 2"]));
  });

  test("a value that SQL cannot be given is an error of the cell", async () => {
    const { show, until } = page();
    show(cell("sql", "a", "select ${() => 1}"));
    expect(await until("cell:a", is("blocked"))).toMatchObject({
      error: { message: "a ${} of SQL cannot be a function" },
    });
  });
});

test("what is thrown and is no error is written as JavaScript writes it", () => {
  expect(scriptError({ site: "rs11", n: 1 }, "a").message).toBe('thrown: {site: "rs11", n: 1}');
  expect(scriptError("no", "a").message).toBe("thrown: no");
});

test("an error is placed in the cell that threw it, by the first of its frames in a cell", () => {
  const error = Object.assign(new TypeError("no"), {
    stack: "TypeError: no\n    at f (cell/my%20plot.js:4:7)\n    at default (cell/other.js:2:1)",
    cause: new Error("deeper"),
  });
  expect(scriptError(error, "other")).toMatchObject({
    message: "TypeError: no",
    cell: "my plot",
    span: { line: 3, column: 7 },
    detail: expect.stringContaining("caused by Error: deeper") as unknown,
  });
});

// @vitest-environment jsdom
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, onTestFinished, test, vi } from "vitest";

import type { PartitionKey } from "#protocol/ids.ts";

import { builtin } from "../../ui/runtime/builtins.ts";
import type { Values } from "../../ui/runtime/generators.ts";
import type { Output } from "../../ui/runtime/output.ts";
import { ROWS_READ } from "../../ui/runtime/table-rows.ts";
import { cell, hasValue, is, page } from "./cells-page.ts";
import { PERSON, asset, snapshot } from "./views.ts";

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

test("a number between words reads as in a table: a small one is not none, and less than none has a minus", async () => {
  const { show, until } = page();
  show(cell("js", null, "const p = 0.00004, net = -1234.5;"), cell("md", "words", "p is ${p}, net ${net}"));
  const words = await until("prose:words", is("markup"));
  const text = words.kind === "markup" ? words.html.replaceAll(/<[^>]*>/g, "").trim() : "";
  expect(text).toBe("p is 4.00e−5, net −1,234.5");
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

test("what reads a name of a deleted cell says so, until the cell is back; a renamed one was not deleted", async () => {
  const { show, until } = page();
  const failsWith = (message: string) => (output: Output) =>
    output.kind === "error" && output.error.message === message;
  const reader = cell("js", "reader", "first + second");
  const [first, second] = [cell("js", null, "const first = 1;", { id: "f" }), cell("js", "second", "2")];
  show(first, second, reader);
  await until("var:reader", hasValue(3));
  show(second, reader);
  await until("cell:reader", failsWith("first was defined by a deleted cell"));
  show(first, second, reader);
  await until("cell:reader", is("cell"));
  show(first, cell("js", "another", "2"), reader);
  await until("cell:reader", failsWith("second is not defined"));
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

test("a cell that is run though nothing changed is computed anew, with what reads it; an input stays as it is", async () => {
  const { show, until, loaded, outputs } = page();
  show(
    cell("input", "low", "Inputs.range([0, 9], {value: 3})"),
    cell("js", "at", "({low, drawn: Math.random()})"),
    cell("js", "twice", "[at, at]"),
  );
  const drawn = async (): Promise<unknown> => {
    const output = await until("var:twice", is("variable"));
    return output.kind === "variable" ? output.value : null;
  };
  const before = await drawn();
  outputs.rerun("at");
  await vi.waitFor(async () => expect(await drawn()).not.toEqual(before));
  const count = loaded.length;
  outputs.rerun("low");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(loaded).toHaveLength(count);
});

test("a promise that a cell defines is waited for by what reads it; one that fails is the cell's error", async () => {
  const { show, until, outputs } = page();
  show(
    cell("js", "late", "const n = Promise.resolve(20), other = 1;"),
    cell("js", "read", "n + 1"),
    cell("js", "bad", "const no = Promise.reject(new Error('no'));"),
    cell("js", "blocked", "no + 1"),
  );
  await until("var:read", hasValue(21));
  const error = { message: "Error: no", cell: "bad" };
  expect(await until("cell:blocked", is("blocked"))).toMatchObject({ by: "bad", error });
  expect(outputs.ofCell("bad")).toMatchObject({ kind: "error", error });
});

test("a plot is an input of what is pointed at, as any element with a value", async () => {
  const { show, until, outputs } = page();
  const plot = "document.createElementNS('http://www.w3.org/2000/svg', 'svg')";
  show(
    cell("js", "plot", `const at = view(Object.assign(${plot}, {value: null}))`),
    cell("js", "seen", "at?.rsid ?? 'nothing'"),
  );
  await until("var:seen", hasValue("nothing"));
  const svg = outputs.stage("plot").element.querySelector("svg");
  if (svg === null) throw new Error("nothing was shown");
  Object.assign(svg, { value: { rsid: "rs1" } }).dispatchEvent(new Event("input"));
  await until("var:seen", hasValue("rs1"));
});

test.each(["viewof n = Inputs.range()", "mutable n = 1"])(
  "%s says how it is written here",
  async (source) => {
    const { show, until } = page();
    show(cell("js", "a", source));
    expect(await until("cell:a", is("error"))).toMatchObject({
      error: { hint: expect.stringMatching(/view\(…\).*Mutable/) as unknown },
    });
  },
);

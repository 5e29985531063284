import fc from "fast-check";

import type { NotebookOp } from "#protocol/notebook-op.ts";

const line = fc.constantFrom(
  "```",
  "````",
  "~~~",
  "```sql hits",
  "```sql hits engine=duckdb",
  "```yaml panel config",
  "```js",
  "```js chart",
  "  ```",
  "    ```",
  "# A title",
  "",
  " ",
  "text with ${hits}",
  "select * from hits",
  "`",
  "\r",
);
const end = fc.constantFrom("\n", "\n", "\r\n", "\n\n", "");

/** Text that is full of fences: whole, open, nested and indented ones. */
export const notebookText: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.oneof(line, line, fc.string()), end), { maxLength: 24 })
  .map((lines) => lines.map(([text, lineEnd]) => text + lineEnd).join(""));

/** An op whose blocks are numbers, which become ids of the notebook that it meets. */
export interface Wish {
  readonly kind: NotebookOp["op"];
  readonly block: number;
  readonly after: number | null;
  readonly language: string;
  readonly name: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly source: string;
}

export const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.constantFrom<NotebookOp["op"]>(
    "set-source",
    "insert",
    "delete",
    "move",
    "rename",
    "set-info",
    "merge",
    "split",
  ),
  block: fc.nat(12),
  after: fc.option(fc.nat(12)),
  language: fc.constantFrom("js", "sql", "md", "yaml", "bash"),
  name: fc.option(fc.constantFrom("hits", "panel", "chart", "weights", "b", "not a name", "")),
  attributes: fc.constantFrom({}, { engine: "duckdb" }, { asset: "", check: 'a "quoted" one' }, { a: "`" }),
  source: notebookText,
});

export function opOf(wished: Wish, ids: readonly string[]): NotebookOp {
  const id = (at: number): string => ids[at % Math.max(1, ids.length)] ?? "nothing";
  const { kind, language, attributes, source } = wished;
  const block = id(wished.block);
  const after = wished.after === null ? null : id(wished.after);
  switch (kind) {
    case "set-source":
      return { op: kind, block, source };
    case "insert":
      return { op: kind, after, language, name: wished.name, attributes, source };
    case "delete":
      return { op: kind, block };
    case "move":
      return { op: kind, block, after };
    case "rename":
      return { op: kind, block, name: wished.name ?? "other" };
    case "merge":
      // Most often the next: any two that are not neighbours are refused.
      return { op: kind, block, with: [id(wished.block + 1 + ((wished.after ?? 0) % 3))] };
    case "split":
      return { op: kind, block, at: wished.after ?? source.length };
    case "set-info":
      return { op: kind, block, language, attributes };
  }
}

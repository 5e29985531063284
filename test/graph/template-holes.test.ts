import fc from "fast-check";
import { expect, test } from "vitest";

import { holes } from "../../kernel/graph/template-holes.ts";

const found = (source: string, syntax?: "sql" | "prose"): string[] =>
  holes(source, syntax).expressions.map(({ text }) => text);

test("texts and expressions alternate, and an expression knows its line and column", () => {
  expect(holes("select *\nfrom t where a > ${least} and b = ${name}")).toEqual({
    texts: ["select *\nfrom t where a > ", " and b = ", ""],
    expressions: [
      { text: "least", line: 2, column: 20, quote: "" },
      { text: "name", line: 2, column: 37, quote: "" },
    ],
  });
});

test.each([
  ["braces", "${ {a: {b: 1}}.a.b }", " {a: {b: 1}}.a.b "],
  ["a brace in a string", `\${f("}", '}')}`, `f("}", '}')`],
  ["an escaped quote", `\${"\\"}"}`, `"\\"}"`],
  ["a template in a template", "${`a${`}${x}`}}`}", "`a${`}${x}`}}`"],
  ["a block comment", "${a /* } */}", "a /* } */"],
  ["a line comment", "${a // }\n}", "a // }\n"],
  ["a regular expression", "${x.match(/[/}]}\\/}/)}", "x.match(/[/}]}\\/}/)"],
  ["a division", "${a / b} and ${c / d}", "a / b"],
  ["an arrow function", "${(() => { return 1 })()}", "(() => { return 1 })()"],
])("%s does not end a hole", (_what, source, expression) => {
  expect(found(source)[0]).toBe(expression);
});

test.each([
  ["-- a ${comment}\nselect ${a}", ["a"]],
  ["/* ${comment} */ select ${a}", ["a"]],
  ["select '--', ${a}", ["a"]],
  [`select "/*", \${a} /* */`, ["a"]],
  ["select '${a}--' || ${b} -- ${c}", ["a", "b"]],
  ["select $$ -- $$, ${a}", ["a"]],
  ["select $tag$ /* $tag$, ${a}", ["a"]],
  ["select $1, ${a}", ["a"]],
  ["select '\\', ${a}", ["a"]],
])("in SQL, %j holds %j", (source, expressions) => {
  expect(found(source)).toEqual(expressions);
});

test("a hole in quotes knows in which", () => {
  const quotes = holes("${a} '${b}' \"${c}\" $x$ ${d} $x$ ${e}").expressions.map(({ quote }) => quote);
  expect(quotes).toEqual(["", "'", '"', "$x$", ""]);
});

test("in prose, comments and quotes are text, and a backslash keeps a hole shut", () => {
  expect(found("-- ${a} it's ${b} \\${c}", "prose")).toEqual(["a", "b"]);
});

test.each(["select ${a", "${", "${'}", "${`}", "${/* }"])(
  "a hole without its end is an error: %j",
  (source) => {
    expect(() => holes(source)).toThrow("a ${ without its }");
  },
);

test("texts and expressions, put together again, are the source", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("$", "{", "}", "'", "-", "a", "\n", "/", "*", "`", "\\") }),
      (source) => {
        let template;
        try {
          template = holes(source);
        } catch {
          return;
        }
        const { texts, expressions } = template;
        const again = texts.map(
          (text, i) => text + (i < expressions.length ? `\${${expressions[i]?.text}}` : ""),
        );
        expect(again.join("")).toBe(source);
      },
    ),
  );
});

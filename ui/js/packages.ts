/** Packages that ship with the page, by the names under which a cell may import them → the builtin that is it. */
export const PACKAGES: ReadonlyMap<string, string> = new Map(
  ["@observablehq/plot", "@observablehq/inputs", "d3"].flatMap((name) => {
    const builtin = { "@observablehq/plot": "Plot", "@observablehq/inputs": "Inputs" }[name] ?? name;
    return [name, `npm:${name}`].map((written): [string, string] => [written, builtin]);
  }),
);

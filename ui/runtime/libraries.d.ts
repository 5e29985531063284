/** Ships no types: cells see it as it is, the page itself touches none of it. */
declare module "@observablehq/inputs";
declare module "@observablehq/inputs/dist/index.css";

/** Entry of the script of an exported notebook: all it shows stands in the same file. */
import "./main.css";

import { createRoot } from "react-dom/client";

import type { ExportedNotebook } from "#protocol/exported.ts";
import { NOTEBOOK_ELEMENT } from "#protocol/exported.ts";

import { loadScript } from "../runtime/load-script.ts";
import { Outputs } from "../runtime/outputs.ts";
import { OutputsContext } from "../shell/use-store.tsx";
import { embeddedServer } from "./embedded-server.ts";
import { ExportContext } from "./use-export.ts";
import { ExportApp } from "./export-app.tsx";
import { openForPrint } from "./print.ts";
import { stayHere } from "./stay-here.ts";

const text = document.getElementById(NOTEBOOK_ELEMENT)?.textContent ?? "";
const notebook = JSON.parse(text) as ExportedNotebook;
const server = embeddedServer(notebook);
const outputs = new Outputs(server, loadScript, (cell, element) => {
  const value = notebook.inputs[cell];
  if (value !== undefined) Object.assign(element, { value });
});
stayHere();
outputs.sync(notebook.snapshot);
openForPrint();

const root = document.getElementById("page");
if (root !== null) {
  createRoot(root).render(
    <ExportContext value={{ notebook, server }}>
      <OutputsContext value={outputs}>
        <ExportApp />
      </OutputsContext>
    </ExportContext>,
  );
}

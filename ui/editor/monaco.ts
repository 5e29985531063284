/** The one file that loads Monaco; a chunk of its own, asked for when a cell is edited for the first time. */
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/html/register";
import "monaco-editor/languages/definitions/javascript/register";
import "monaco-editor/languages/definitions/markdown/register";
import "monaco-editor/languages/definitions/sql/register";
import "monaco-editor/languages/definitions/typescript/register";
import "monaco-editor/languages/definitions/yaml/register";

import * as monaco from "monaco-editor/editor";
// A worker made by the bundler.
// oxlint-disable-next-line import/default
import EditorWorker from "monaco-editor/editor/editor.worker?worker";

import { defineTheme } from "./editor-theme.ts";

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };
defineTheme(monaco.editor);
void document.fonts.ready.then(() => monaco.editor.remeasureFonts());

export { monaco };

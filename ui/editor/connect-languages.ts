import type { editor as Editor, languages, Position } from "monaco-editor/editor";

import { showCell } from "../shell/show-cell.ts";
import type { PageStore } from "../state/page-store.ts";
import type { Completion, CompletionKind } from "./completions.ts";
import { completions } from "./completions.ts";
import { formatSql } from "./format-sql.ts";
import { monaco } from "./monaco.ts";
import { templateCompletions } from "./template-completions.ts";
import { definerOf, nameAt, usesOf } from "./names.ts";

const LANGUAGES = ["sql", "yaml", "javascript", "typescript", "markdown", "html"];

let connected: PageStore | null = null;

/** Tells the editor what the notebook knows: what can stand at the caret, and where a name is made. Once a page. */
export function connectLanguages(store: PageStore): void {
  if (connected !== null) return;
  connected = store;
  monaco.languages.registerCompletionItemProvider(LANGUAGES, {
    triggerCharacters: [".", " ", "{", "|", "%"],
    provideCompletionItems: (model, position) => ({ suggestions: suggestions(store, model, position) }),
  });
  monaco.languages.registerDefinitionProvider(LANGUAGES, {
    provideDefinition: (model, position) => definition(store, model, position),
  });
  monaco.editor.registerEditorOpener({
    openCodeEditor: (_source, resource) => {
      const cell = cellOfUri(store, resource.toString());
      if (cell === null) return false;
      store.endEdit();
      showCell(cell);
      return true;
    },
  });
  monaco.languages.registerHoverProvider(LANGUAGES, {
    provideHover: (model, position) => hover(store, model, position),
  });
  monaco.languages.registerDocumentFormattingEditProvider("sql", {
    provideDocumentFormattingEdits: (model) => [
      { range: model.getFullModelRange(), text: formatSql(model.getValue()) },
    ],
  });
  monaco.editor.addEditorAction({
    id: "karyon.uses",
    label: "Find uses of a name",
    keybindings: [monaco.KeyMod.Shift | monaco.KeyCode.F12],
    run: (editor) => {
      const name = nameUnder(editor);
      if (name !== null) store.show({ kind: "palette", query: `uses of ${name}` });
    },
  });
  monaco.editor.addEditorAction({
    id: "karyon.rename",
    label: "Rename a cell",
    keybindings: [monaco.KeyCode.F2],
    run: (editor) => {
      const { page } = store.view();
      const name = nameUnder(editor);
      const cells = page.snapshot?.notebook.cells ?? [];
      const cell = (name === null ? null : definerOf(cells, name))?.id ?? page.editing?.cell;
      if (cell !== undefined) store.show({ kind: "rename", cell });
    },
  });
}

function nameUnder(editor: Editor.ICodeEditor): string | null {
  const position = editor.getPosition();
  const line = position === null ? "" : (editor.getModel()?.getLineContent(position.lineNumber) ?? "");
  return position === null ? null : nameAt(line, position.column);
}

const KINDS: Readonly<Record<CompletionKind, languages.CompletionItemKind>> = {
  table: monaco.languages.CompletionItemKind.Struct,
  column: monaco.languages.CompletionItemKind.Field,
  cell: monaco.languages.CompletionItemKind.Variable,
  module: monaco.languages.CompletionItemKind.Module,
  keyword: monaco.languages.CompletionItemKind.Keyword,
  function: monaco.languages.CompletionItemKind.Function,
  field: monaco.languages.CompletionItemKind.Property,
};

function suggestions(
  store: PageStore,
  model: Editor.ITextModel,
  position: Position,
): languages.CompletionItem[] {
  const { snapshot, editing } = store.view().page;
  if (snapshot === null) return [];
  const offset = model.getOffsetAt(position);
  const text = model.getValue();
  const [before, after] = [text.slice(0, offset), text.slice(offset)];
  const { cells } = snapshot.notebook;
  const ground = { cells, assets: snapshot.assets, cell: editing?.cell ?? null };
  // To the editor a template is HTML.
  const found =
    cells.find(({ id }) => id === ground.cell)?.language === "njk"
      ? templateCompletions(before, ground)
      : completions(model.getLanguageId(), before, after, ground);
  const word = model.getWordUntilPosition(position);
  const range = new monaco.Range(position.lineNumber, word.startColumn, position.lineNumber, position.column);
  return found.map((one) => suggestion(one, range));
}

function suggestion(one: Completion, range: languages.CompletionItem["range"]): languages.CompletionItem {
  return {
    label: one.detail === "" ? one.label : { label: one.label, description: one.detail },
    kind: KINDS[one.kind],
    insertText: one.insert,
    ...(one.insert.includes("$0")
      ? { insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet }
      : {}),
    sortText: `${one.rank}${one.label}`,
    range,
  };
}

function definition(
  store: PageStore,
  model: Editor.ITextModel,
  position: Position,
): languages.Location | null {
  const { snapshot } = store.view().page;
  const name = nameAt(model.getLineContent(position.lineNumber), position.column);
  const cell = name === null ? null : definerOf(snapshot?.notebook.cells ?? [], name);
  if (cell === null || snapshot === null) return null;
  const uri = monaco.Uri.parse(`karyon:///${snapshot.notebook.path}/${encodeURIComponent(cell.id)}`);
  if (uri.toString() === model.uri.toString()) return null;
  // The editor asks for the text that it is sent to, if only to draw a link.
  if (monaco.editor.getModel(uri) === null) monaco.editor.createModel(cell.source, "plaintext", uri);
  return { uri, range: new monaco.Range(1, 1, 1, 1) };
}

function hover(store: PageStore, model: Editor.ITextModel, position: Position): languages.Hover | null {
  const { snapshot } = store.view().page;
  const name = nameAt(model.getLineContent(position.lineNumber), position.column);
  const cell = name === null ? null : definerOf(snapshot?.notebook.cells ?? [], name);
  if (name === null || cell === null || snapshot === null) return null;
  const columns = snapshot.assets.find((one) => one.key === cell.asset)?.record?.columns ?? [];
  const uses = usesOf(snapshot.notebook.cells, name).length;
  const lines = [
    `\`${name}\` · ${cell.kind} · used ${uses === 1 ? "once" : `${uses} times`}`,
    ...(columns.length === 0 ? [] : [columns.map((column) => `\`${column.name}\``).join(", ")]),
  ];
  return { contents: lines.map((value) => ({ value })) };
}

function cellOfUri(store: PageStore, uri: string): string | null {
  const { snapshot } = store.view().page;
  const cells = snapshot?.notebook.cells ?? [];
  const found = cells.find(
    (cell) =>
      monaco.Uri.parse(
        `karyon:///${snapshot?.notebook.path ?? ""}/${encodeURIComponent(cell.id)}`,
      ).toString() === uri,
  );
  return found?.id ?? null;
}

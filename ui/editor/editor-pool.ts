import type { editor as Editor, IDisposable } from "monaco-editor/editor";

import { lineNumbers } from "../shell/line-numbers.ts";
import type { EditPlace } from "../state/page-state.ts";
import { leavesNow } from "./escape.ts";
import { followVim } from "./follow-vim.ts";
import { monaco } from "./monaco.ts";
import { vimKeys } from "./vim-keys.ts";

/** One cell as the editor has it. */
export interface EditedCell {
  /** Identifies the text: its history stays while the page lives. */
  readonly uri: string;
  readonly language: string;
  readonly label: string;
  readonly text: string;
  readonly at: EditPlace | null;
  readonly onType: (text: string) => void;
  readonly onLeave: () => void;
  readonly onSave: () => void;
  readonly onBlur: () => void;
}

/** A stretch to underline: 1-based. */
export interface Marker {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

export interface MountedEditor {
  /** Puts another text in without losing the caret or the history. */
  readonly setText: (text: string) => void;
  readonly setMarkers: (markers: readonly Marker[]) => void;
  readonly goTo: (place: EditPlace) => void;
  readonly focus: () => void;
  /** As if it were typed at the caret. */
  readonly type: (text: string) => void;
  /** Characters before the caret. */
  readonly caret: () => number;
  /** Lays the text out. @returns false for a language of which that is not known */
  readonly format: () => boolean;
  readonly unmount: () => void;
}

/** Editors kept alive; making one takes a tenth of a second. */
const EDITORS_KEPT = 2;
/** Texts whose history is kept. */
const MODELS_KEPT = 64;
/** A longer cell scrolls inside. */
const TALLEST = 0.62;

/** Escape closes what the editor has open first. */
const NOTHING_OPEN =
  "!suggestWidgetVisible && !findWidgetVisible && !renameInputVisible && !parameterHintsVisible && " +
  "!markersNavigationVisible && !inSnippetMode && !editorHasMultipleSelections && !referenceSearchVisible";

const LANGUAGES: Readonly<Record<string, string>> = {
  js: "javascript",
  ts: "typescript",
  input: "javascript",
  sql: "sql",
  yaml: "yaml",
  md: "markdown",
  html: "html",
  njk: "html",
};

interface Pooled {
  readonly editor: Editor.IStandaloneCodeEditor;
  readonly element: HTMLElement;
  busy: boolean;
}

const pool: Pooled[] = [];
const models = new Map<string, { model: Editor.ITextModel; view: Editor.ICodeEditorViewState | null }>();

/** Puts an editor with the cell's text into an element, and the focus into it. */
export function mountEditor(host: HTMLElement, cell: EditedCell): MountedEditor {
  const kept = modelFor(cell);
  const pooled = take();
  const { editor, element } = pooled;
  host.append(element);
  editor.updateOptions({
    ariaLabel: cell.label,
    lineNumbers: lineNumbers.isOn() ? "on" : "off",
    lineNumbersMinChars: lineNumbers.isOn() ? 3 : 0,
    wordWrap: cell.language === "md" ? "on" : "off",
    quickSuggestions: cell.language === "md" ? false : { other: true, comments: false, strings: true },
  });
  editor.setModel(kept.model);
  if (kept.view !== null) editor.restoreViewState(kept.view);
  const disposables: IDisposable[] = [];
  const resize = (): void => {
    const height = Math.max(39, Math.min(editor.getContentHeight(), Math.round(innerHeight * TALLEST)));
    element.style.height = `${height}px`;
    editor.layout({ width: host.clientWidth, height });
  };
  resize();
  const observer = new ResizeObserver(resize);
  observer.observe(host);
  const goTo = (place: EditPlace): void => goToPlace(editor, place);
  if (cell.at !== null) goTo(cell.at);
  editor.focus();
  disposables.push(
    editor.onDidContentSizeChange((event) => {
      if (event.contentHeightChanged) resize();
    }),
    kept.model.onDidChangeContent(() => cell.onType(kept.model.getValue())),
    editor.onDidBlurEditorWidget(cell.onBlur),
    editor.addAction({
      id: "karyon.leave",
      label: "Leave the cell",
      keybindings: [monaco.KeyCode.Escape],
      precondition: NOTHING_OPEN,
      run: () => {
        // In Vim it leads to normal mode, where it does nothing.
        if (!vimKeys.isOn() && leavesNow(performance.now())) cell.onLeave();
      },
    }),
    editor.addAction({
      id: "karyon.leave-always",
      label: "Leave the cell, whatever Escape does",
      keybindings: [
        monaco.KeyMod.Shift | monaco.KeyCode.Escape,
        monaco.KeyMod.CtrlCmd | monaco.KeyCode.Escape,
      ],
      run: cell.onLeave,
    }),
  );
  const vim = followVim(editor, host, cell);
  disposables.push(vim);
  return {
    goTo,
    focus: () => editor.focus(),
    type: (text) => {
      if (!vim.type(text)) editor.trigger("keyboard", "type", { text });
    },
    caret: () => {
      const position = editor.getPosition();
      return position === null ? 0 : kept.model.getOffsetAt(position);
    },
    format: () => {
      const action = editor.getAction("editor.action.formatDocument");
      if (action?.isSupported() !== true) return false;
      void action.run();
      return true;
    },
    setText: (text) => replaceText(kept.model, text),
    setMarkers: (markers) => {
      const all = markers.map((marker): Editor.IMarkerData => ({
        startLineNumber: marker.line,
        startColumn: marker.column,
        endLineNumber: marker.line,
        endColumn: marker.column + marker.length,
        message: marker.message,
        severity: monaco.MarkerSeverity.Error,
      }));
      monaco.editor.setModelMarkers(kept.model, "karyon", all);
    },
    unmount: () => {
      kept.view = editor.saveViewState();
      for (const disposable of disposables) disposable.dispose();
      observer.disconnect();
      editor.setModel(null);
      element.remove();
      pooled.busy = false;
    },
  };
}

function take(): Pooled {
  const idle = pool.find((one) => !one.busy);
  if (idle !== undefined) {
    idle.busy = true;
    return idle;
  }
  const element = document.createElement("div");
  element.className = "editor";
  const overflow = document.body.appendChild(document.createElement("div"));
  overflow.className = "monaco-editor editor-overflow";
  const editor = monaco.editor.create(element, {
    model: null,
    theme: "karyon",
    fontFamily: "'JetBrains Mono Variable', ui-monospace, monospace",
    fontSize: 12.5,
    lineHeight: 19,
    fontLigatures: false,
    padding: { top: 10, bottom: 10 },
    minimap: { enabled: false },
    lineNumbers: "off",
    folding: false,
    glyphMargin: false,
    lineDecorationsWidth: 12,
    lineNumbersMinChars: 0,
    overviewRulerLanes: 0,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    scrollBeyondLastLine: false,
    scrollBeyondLastColumn: 0,
    scrollbar: { alwaysConsumeMouseWheel: false, verticalScrollbarSize: 8, horizontalScrollbarSize: 8 },
    renderLineHighlight: "none",
    stickyScroll: { enabled: false },
    bracketPairColorization: { enabled: false },
    guides: { indentation: false },
    fixedOverflowWidgets: true,
    overflowWidgetsDomNode: overflow,
    contextmenu: false,
    tabSize: 2,
    wordBasedSuggestions: "off",
    suggest: { showStatusBar: false, showWords: false },
    occurrencesHighlight: "off",
    unicodeHighlight: { ambiguousCharacters: false },
    definitionLinkOpensInPeek: false,
    gotoLocation: { multipleDefinitions: "goto" },
  });
  const pooled = { editor, element, busy: true };
  if (pool.length < EDITORS_KEPT) pool.push(pooled);
  return pooled;
}

function modelFor(cell: EditedCell): { model: Editor.ITextModel; view: Editor.ICodeEditorViewState | null } {
  const language = LANGUAGES[cell.language] ?? "plaintext";
  const known = models.get(cell.uri);
  if (known !== undefined) {
    models.delete(cell.uri);
    models.set(cell.uri, known);
    if (known.model.getLanguageId() !== language) monaco.editor.setModelLanguage(known.model, language);
    replaceText(known.model, cell.text);
    return known;
  }
  const uri = monaco.Uri.parse(cell.uri);
  // A link to the cell may have made one already.
  monaco.editor.getModel(uri)?.dispose();
  const made = { model: monaco.editor.createModel(cell.text, language, uri), view: null };
  made.model.setEOL(monaco.editor.EndOfLineSequence.LF);
  models.set(cell.uri, made);
  for (const [uri, old] of models) {
    if (models.size <= MODELS_KEPT) break;
    if (old.model.isAttachedToEditor()) continue;
    old.model.dispose();
    models.delete(uri);
  }
  return made;
}

/** Replaces only what differs, as an edit that can be undone. */
function replaceText(model: Editor.ITextModel, text: string): void {
  const old = model.getValue();
  if (old === text) return;
  let start = 0;
  while (start < old.length && old[start] === text[start]) start++;
  let end = 0;
  while (end < old.length - start && end < text.length - start && old.at(-1 - end) === text.at(-1 - end))
    end++;
  const from = model.getPositionAt(start);
  const to = model.getPositionAt(old.length - end);
  const range = monaco.Range.fromPositions(from, to);
  model.pushEditOperations([], [{ range, text: text.slice(start, text.length - end) }], () => null);
}

function goToPlace(editor: Editor.IStandaloneCodeEditor, place: EditPlace): void {
  const position =
    "line" in place
      ? { lineNumber: place.line, column: place.column }
      : (editor.getTargetAtClientPoint(place.x, place.y)?.position ?? null);
  if (position === null) return;
  editor.setPosition(position);
  const model = editor.getModel();
  if ("length" in place && model !== null) {
    const end = model.getPositionAt(model.getOffsetAt(position) + place.length);
    editor.setSelection(monaco.Range.fromPositions(position, end));
  }
  editor.revealPositionInCenterIfOutsideViewport(position);
}

import type { editor as Editor } from "monaco-editor/editor";

import { isDark, onThemeChange } from "../shell/theme.ts";

const NAME = "karyon";

/** Gives the editor the page's own colours, and again whenever those change. */
export function defineTheme(editor: typeof Editor): void {
  const define = (): void => {
    const read = colourReader();
    editor.defineTheme(NAME, themeData(read, isDark()));
    editor.setTheme(NAME);
  };
  define();
  onThemeChange(define);
}

/** Reads a custom property of the page as `#rrggbb`, the only form that the editor takes. */
function colourReader(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => {
    const value = style.getPropertyValue(`--${name}`).trim();
    return /^#[\da-f]{3}$/i.test(value) ? `#${value.slice(1).replaceAll(/./g, "$&$&")}` : value;
  };
}

/** Token names of the languages' grammars by the class that the static colours of a cell use. */
const TOKENS: Readonly<Record<string, readonly string[]>> = {
  keyword: ["keyword", "operator.sql", "type.yaml", "tag", "metatag", "keyword.md"],
  string: ["string", "string.sql", "string.html", "string.link", "attribute.value", "variable.md"],
  number: ["number"],
  muted: ["comment", "delimiter.html"],
  ink: [
    "identifier",
    "predefined",
    "predefined.sql",
    "type",
    "delimiter",
    "operator",
    "attribute.name",
    "string.yaml",
  ],
};

function themeData(colour: (name: string) => string, dark: boolean): Editor.IStandaloneThemeData {
  const rules = Object.entries(TOKENS).flatMap(([name, tokens]) =>
    tokens.map((token) => ({ token, foreground: colour(name).slice(1) })),
  );
  const clear = `${colour("paper")}00`;
  return {
    base: dark ? "vs-dark" : "vs",
    inherit: true,
    rules: [{ token: "", foreground: colour("ink").slice(1) }, ...rules],
    colors: {
      "editor.background": colour("code"),
      "editor.foreground": colour("ink"),
      "editorCursor.foreground": colour("accent"),
      "editorCursor.background": colour("paper"),
      "editor.selectionBackground": `${colour("accent")}40`,
      "editor.inactiveSelectionBackground": `${colour("accent")}22`,
      "editor.wordHighlightBackground": `${colour("accent")}1a`,
      "editor.lineHighlightBorder": clear,
      "editorWidget.background": colour("raised"),
      "editorWidget.foreground": colour("ink"),
      "editorWidget.border": colour("line"),
      "editorSuggestWidget.background": colour("raised"),
      "editorSuggestWidget.border": colour("line"),
      "editorSuggestWidget.foreground": colour("ink"),
      "editorSuggestWidget.highlightForeground": colour("accent"),
      "editorSuggestWidget.focusHighlightForeground": colour("accent"),
      "editorSuggestWidget.selectedBackground": colour("accent-soft"),
      "editorSuggestWidget.selectedForeground": colour("ink"),
      "editorHoverWidget.background": colour("raised"),
      "editorHoverWidget.border": colour("line"),
      "editorError.foreground": colour("fail"),
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((level) => [`editorBracketHighlight.foreground${level}`, colour("ink")]),
      ),
      "editorBracketHighlight.unexpectedBracket.foreground": colour("ink"),
      "editorBracketMatch.background": clear,
      "editorBracketMatch.border": colour("faint"),
      "input.background": colour("paper"),
      "input.foreground": colour("ink"),
      "list.hoverBackground": colour("line2"),
      focusBorder: colour("accent"),
      "scrollbar.shadow": clear,
      "widget.shadow": clear,
    },
  };
}

import type { ReactNode } from "react";

import { useRef, useState } from "react";
import {
  Button,
  Header,
  Menu,
  MenuItem,
  MenuSection,
  Popover,
  Separator,
  Toolbar,
} from "react-aria-components";

import type { CellView } from "#protocol/view.ts";

import { useActions } from "../keys/use-actions.ts";
import type { Command } from "../keys/key-map.ts";
import { useKeyOf } from "../keys/bindings.ts";
import { keyWords } from "../keys/key-words.ts";
import { browserKind, mayBlock } from "../runtime/browser-cells.ts";
import { usePageValue, useStore } from "../shell/use-store.tsx";
import { engineWords } from "../words/facts.ts";

interface Item {
  readonly command: Command;
  readonly label: string;
}

const EDITS: readonly Item[] = [
  { command: "copy", label: "Copy" },
  { command: "cut", label: "Cut" },
  { command: "paste", label: "Paste below" },
  { command: "merge", label: "Merge with the next" },
  { command: "delete", label: "Delete" },
];
/** What prose can do beside being edited. */
const PROSE_TOO: ReadonlySet<Command> = new Set<Command>(["run-section", "insert-above", "insert-below"]);

/** What a key of the menu begins with that names an engine and no command. */
const ON_ENGINE = "on ";

/**
 * What can be done to a cell: seen on hover and focus. One Tab stop, arrows lead from tool to tool; it stands where it
 * is seen, at the head of a cell, on a narrow page at its end.
 */
export function CellTools({ cell }: { readonly cell: CellView }): ReactNode {
  const act = useActions();
  const editing = usePageValue(({ page }) => page.editing?.cell === cell.id);
  const store = useStore();
  const [pressed, setPressed] = useState(false);
  const asked = usePageValue(({ page: { overlay } }) => overlay?.kind === "menu" && overlay.cell === cell.id);
  const open = pressed || asked;
  const setOpen = (next: boolean): void => {
    setPressed(next);
    // What was chosen in it may have opened something else by now.
    if (!next && store.view().page.overlay?.kind === "menu") store.show(null);
  };
  const asset = usePageValue(({ page }) =>
    cell.asset === null ? null : (page.snapshot?.assets.find((one) => one.key === cell.asset) ?? null),
  );
  const more = useRef<HTMLButtonElement>(null);
  const name = cell.name ?? (cell.kind === "markdown" ? "this text" : "this cell");
  const prose = cell.kind === "markdown";
  const kept = asset !== null && !asset.external;
  const items: Item[] = [
    { command: "run", label: "Run" },
    ...(asset === null
      ? []
      : [{ command: "run-below", label: "Run with what depends on it" } satisfies Item]),
    { command: "run-above", label: "Run up to here" },
    { command: "run-section", label: "Run this section" },
    ...(asset?.record == null
      ? []
      : [{ command: "hold", label: asset.held ? "Let the result go" : "Hold the result" } satisfies Item]),
    { command: "disable", label: "disabled" in cell.attributes ? "Enable" : "Disable" },
    ...(browserKind(cell) === "script"
      ? [
          {
            command: "blocking",
            label: mayBlock(cell) ? "Stop long loops" : "Let loops take long",
          } satisfies Item,
        ]
      : []),
    { command: "fold-output", label: "Fold or unfold the output" },
    { command: "whole-output", label: "Output at its whole height" },
    { command: "insert-above", label: "Insert above…" },
    { command: "insert-below", label: "Insert below…" },
    ...(kept ? [{ command: "compare", label: "Compare…" } satisfies Item] : []),
    ...(asset?.kind === "annotate" && asset.record !== null && asset.past !== true
      ? [{ command: "what-if", label: "What if…" } satisfies Item]
      : []),
    ...(kept ? [{ command: "history", label: "History…" } satisfies Item] : []),
    ...(cell.name === null ? [] : [{ command: "rename", label: "Rename…" } satisfies Item]),
    ...(prose ? [] : [{ command: "first-line", label: "First line…" } satisfies Item]),
    ...(cell.name === null ? [] : [{ command: "uses", label: "Find uses" } satisfies Item]),
  ];
  const languages: Item[] = [
    { command: "to-script", label: "To TypeScript" },
    { command: "to-text", label: "To text" },
    { command: "to-sql", label: "To SQL" },
  ];
  const keyOf = useKeyOf();
  const run = (command: Command): void => act(command, cell.id);
  return (
    <Toolbar className="cell-tools" aria-label={`tools of ${name}`}>
      <Tool
        label={editing ? "Done" : "Edit"}
        title={`${editing ? "Done" : "Edit"} ${name}`}
        onPress={() => run(editing ? "leave" : "enter")}
      />
      <Tool label="↑" title={`Move ${name} up`} hotkey={keyOf("move-up")} onPress={() => run("move-up")} />
      <Tool
        label="↓"
        title={`Move ${name} down`}
        hotkey={keyOf("move-down")}
        onPress={() => run("move-down")}
      />
      <Tool label="Delete" title={`Delete ${name}`} hotkey={keyOf("delete")} onPress={() => run("delete")} />
      <Button
        ref={more}
        className="tool"
        aria-label={`More for ${name}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onPress={() => setOpen(true)}
      >
        ⋯
      </Button>
      {open ? (
        <Popover
          className="menu-popover"
          aria-label={`more for ${name}`}
          triggerRef={more}
          isOpen
          onOpenChange={setOpen}
          placement="bottom end"
        >
          <Menu
            className="menu"
            aria-label={`more for ${name}`}
            autoFocus="first"
            onAction={(key) => {
              const engine = String(key).startsWith(ON_ENGINE) ? String(key).slice(ON_ENGINE.length) : null;
              if (engine === null) run(key as Command);
              else if (asset !== null) store.run({ selection: asset.key, engine }, asset.key);
            }}
            onClose={() => setOpen(false)}
          >
            {(prose ? items.filter(({ command }) => PROSE_TOO.has(command)) : items).map((item) => (
              <Entry key={item.command} item={item} />
            ))}
            <Separator className="menu-line" />
            {asset?.engines === undefined || asset.past === true ? null : (
              <MenuSection>
                <Header className="menu-head">Run once on</Header>
                {asset.engines.map((engine, at) => (
                  <MenuItem
                    key={engine}
                    id={`${ON_ENGINE}${engine}`}
                    textValue={engineWords(engine)}
                    className="menu-item"
                  >
                    <span>{engineWords(engine)}</span>
                    {at === 0 ? <span className="menu-words">its own</span> : null}
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            <MenuSection>
              <Header className="menu-head">Another language</Header>
              {languages.map((item) => (
                <Entry key={item.command} item={item} />
              ))}
            </MenuSection>
            <Separator className="menu-line" />
            {EDITS.map((item) => (
              <Entry key={item.command} item={item} />
            ))}
          </Menu>
        </Popover>
      ) : null}
    </Toolbar>
  );
}

function Entry({ item }: { readonly item: Item }): ReactNode {
  const key = useKeyOf()(item.command);
  return (
    <MenuItem id={item.command} textValue={item.label} className="menu-item">
      <span>{item.label}</span>
      {key === null ? null : <kbd>{keyWords(key)}</kbd>}
    </MenuItem>
  );
}

interface ToolProps {
  readonly label: string;
  readonly title: string;
  readonly hotkey?: string | null;
  readonly onPress: () => void;
}

function Tool({ label, title, hotkey = null, onPress }: ToolProps): ReactNode {
  return (
    <button
      type="button"
      className="tool"
      aria-label={title}
      title={hotkey === null ? title : `${title} (${keyWords(hotkey)})`}
      onClick={onPress}
    >
      {label}
    </button>
  );
}

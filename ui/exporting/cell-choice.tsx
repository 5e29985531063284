import type { ReactNode } from "react";

import type { AssetView, CellView, Snapshot } from "#protocol/view.ts";

import type { Choice } from "./choice.ts";
import { cellLabel } from "./choice.ts";

interface Props {
  readonly snapshot: Snapshot;
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

/** Which cells are in the file, and which columns of their tables. */
export function CellChoice({ snapshot, choice, onChange }: Props): ReactNode {
  const { cells } = snapshot.notebook;
  const all = cells.every(({ id }) => choice.cells.has(id));
  const choose = (ids: readonly string[]): void => onChange({ ...choice, cells: new Set(ids) });
  return (
    <details className="cell-choice">
      <summary>Cells: {all ? `all ${cells.length}` : `${choice.cells.size} of ${cells.length}`}</summary>
      <p className="dialog-buttons">
        <button type="button" className="button quiet" onClick={() => choose(cells.map(({ id }) => id))}>
          All
        </button>
        <button type="button" className="button quiet" onClick={() => choose([])}>
          None
        </button>
      </p>
      <ul>
        {cells.map((cell) => (
          <li key={cell.id}>
            <label className="choice">
              <input
                type="checkbox"
                checked={choice.cells.has(cell.id)}
                onChange={(event) => {
                  const others = [...choice.cells].filter((id) => id !== cell.id);
                  choose(event.target.checked ? [...others, cell.id] : others);
                }}
              />
              <bdi className={cell.name === null ? undefined : "code-name"}>{cellLabel(cell)}</bdi>
            </label>
            <Columns cell={cell} asset={tableOf(snapshot, cell)} choice={choice} onChange={onChange} />
          </li>
        ))}
      </ul>
    </details>
  );
}

interface ColumnsProps extends Omit<Props, "snapshot"> {
  readonly cell: CellView;
  readonly asset: AssetView | null;
}

function Columns({ cell, asset, choice, onChange }: ColumnsProps): ReactNode {
  if (asset === null || !choice.cells.has(cell.id)) return null;
  const columns = asset.record?.columns ?? [];
  const without = choice.without[asset.key] ?? [];
  const kept = columns.length - without.length;
  return (
    <details className="column-choice">
      <summary>
        {without.length === 0 ? `all ${columns.length} columns` : `${kept} of ${columns.length} columns`}
      </summary>
      {columns.map(({ name }) => (
        <label key={name} className="choice">
          <input
            type="checkbox"
            checked={!without.includes(name)}
            // A table without columns is no table: leave its cell out instead.
            disabled={kept === 1 && !without.includes(name)}
            onChange={(event) => {
              const others = without.filter((one) => one !== name);
              const next = event.target.checked ? others : [...others, name];
              onChange({ ...choice, without: { ...choice.without, [asset.key]: next } });
            }}
          />
          <bdi className="code-name">{name}</bdi>
        </label>
      ))}
    </details>
  );
}

function tableOf({ assets }: Snapshot, { asset: key }: CellView): AssetView | null {
  const asset = assets.find((one) => one.key === key);
  return asset?.output === "table" && (asset.record?.columns.length ?? 0) > 0 ? asset : null;
}

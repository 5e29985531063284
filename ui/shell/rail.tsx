import type { ReactNode } from "react";

import type { Theme } from "./theme.ts";
import { usePage, useStore } from "./use-store.tsx";

interface Props {
  readonly listOpen: boolean;
  readonly paneOpen: boolean;
  readonly theme: Theme;
  readonly onList: () => void;
  readonly onPane: () => void;
  readonly onTheme: () => void;
  readonly onHelp: () => void;
}

export function Rail(props: Props): ReactNode {
  return (
    <nav className="rail" aria-label="page">
      <RailButton label="Notebooks" pressed={props.listOpen} onClick={props.onList}>
        <path d="M5 3h9v14H5zM8 7h4M8 10h4" />
      </RailButton>
      <RailButton label="Lineage and record" pressed={props.paneOpen} onClick={props.onPane}>
        <path d="M6 5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M18 5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M12 15a2 2 0 1 1-4 0 2 2 0 0 1 4 0M4 7c0 3 6 3 6 6M16 7c0 3-6 3-6 6" />
      </RailButton>
      <span className="space" />
      <RailButton label={`Theme: ${props.theme}`} onClick={props.onTheme}>
        <path d="M16 10a6 6 0 1 1-12 0 6 6 0 0 1 12 0" />
        <path d="M10 4a6 6 0 0 0 0 12Z" className="solid" />
      </RailButton>
      <RailButton label="Keys" onClick={props.onHelp}>
        <path d="M7.4 7.6a2.6 2.6 0 1 1 3.9 2.3c-.9.5-1.3 1-1.3 2M10 15h.01" />
      </RailButton>
    </nav>
  );
}

interface RailButtonProps {
  readonly label: string;
  readonly pressed?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function RailButton({ label, pressed, onClick, children }: RailButtonProps): ReactNode {
  return (
    <button type="button" aria-label={label} title={label} aria-pressed={pressed} onClick={onClick}>
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        {children}
      </svg>
    </button>
  );
}

/** The notebooks of the workspace. */
export function NotebookList({ onChosen }: { readonly onChosen: () => void }): ReactNode {
  const store = useStore();
  const { snapshot } = usePage().page;
  return (
    <section className="notebook-list" aria-label="notebooks">
      <h2>Notebooks</h2>
      <ul>
        {(snapshot?.notebooks ?? []).map((one) => (
          <li key={one.path}>
            <button
              type="button"
              aria-current={one.path === snapshot?.notebook.path ? "page" : undefined}
              onClick={() => {
                store.open(one.path, null);
                onChosen();
              }}
            >
              <span>{one.title}</span>
              <span className="path">{one.path}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

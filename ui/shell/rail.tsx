import type { ReactNode } from "react";

import { useKeyOf } from "../keys/bindings.ts";
import type { Command } from "../keys/key-map.ts";
import { keyWords } from "../keys/key-words.ts";
import { SECTION_NAMES } from "./section.ts";
import type { Section } from "./section.ts";
import type { Theme } from "./theme.ts";

interface Props {
  readonly section: Section;
  readonly paneOpen: boolean;
  readonly theme: Theme;
  readonly onSection: (section: Section) => void;
  readonly onPane: () => void;
  readonly onTheme: () => void;
  readonly onReading: () => void;
  readonly onHelp: () => void;
}

const PLACES: readonly { readonly section: Section; readonly path: string }[] = [
  { section: "notebook", path: "M5 3h10v14H5zM8 7h4M8 10h4" },
  { section: "notebooks", path: "M4 5h8v12H4zM7 5V3h9v12h-4" },
  {
    section: "samples",
    path: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6M4 16.5c.6-3 3-4.5 6-4.5s5.4 1.5 6 4.5",
  },
  { section: "runs", path: "M3 5h7M6 10h8M9 15h8" },
  { section: "assets", path: "M3.5 4.5h13v11h-13zM3.5 8h13M8 8v7.5" },
  { section: "modules", path: "m10 3 6 3.5v7L10 17l-6-3.5v-7zM4 6.5l6 3.5 6-3.5M10 10v7" },
  { section: "lineage", path: "M3 4h5v4H3zM12 12h5v4h-5zM5.5 8v6H12" },
];

/** Where to go, and what the page itself can do. */
export function Rail(props: Props): ReactNode {
  return (
    <nav className="rail" aria-label="page">
      {PLACES.map(({ section, path }) => (
        <RailButton
          key={section}
          label={SECTION_NAMES[section]}
          current={props.section === section}
          command={section === "runs" ? "runs" : null}
          onClick={() => props.onSection(section)}
        >
          <path d={path} />
        </RailButton>
      ))}
      <span className="rail-line" aria-hidden="true" />
      <RailButton label="Lineage and record" command="pane" pressed={props.paneOpen} onClick={props.onPane}>
        <path d="M6 5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M18 5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M12 15a2 2 0 1 1-4 0 2 2 0 0 1 4 0M4 7c0 3 6 3 6 6M16 7c0 3-6 3-6 6" />
      </RailButton>
      {props.section === "notebook" ? (
        <RailButton label="What a reader sees" command="reading" onClick={props.onReading}>
          <path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5" />
          <path d="M12 10a2 2 0 1 1-4 0 2 2 0 0 1 4 0" />
        </RailButton>
      ) : null}
      <span className="space" />
      <RailButton label={`Theme: ${props.theme}`} command="theme" onClick={props.onTheme}>
        <path d="M16 10a6 6 0 1 1-12 0 6 6 0 0 1 12 0" />
        <path d="M10 4a6 6 0 0 0 0 12Z" className="solid" />
      </RailButton>
      <RailButton label="Keys" command="help" onClick={props.onHelp}>
        <path d="M7.4 7.6a2.6 2.6 0 1 1 3.9 2.3c-.9.5-1.3 1-1.3 2M10 15h.01" />
      </RailButton>
    </nav>
  );
}

interface RailButtonProps {
  readonly label: string;
  /** Whose key is told beside the label. */
  readonly command: Command | null;
  readonly pressed?: boolean;
  /** Whether it leads to where one is. */
  readonly current?: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function RailButton({ label, command, pressed, current, onClick, children }: RailButtonProps): ReactNode {
  const keyOf = useKeyOf();
  const key = command === null ? null : keyOf(command);
  return (
    <button
      type="button"
      aria-label={label}
      title={key === null ? label : `${label} (${keyWords(key)})`}
      aria-pressed={pressed}
      aria-current={current === true ? "page" : undefined}
      onClick={onClick}
    >
      <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
        {children}
      </svg>
    </button>
  );
}

import type { ReactNode } from "react";

import type { CellView } from "#protocol/view.ts";

import { frameDocument } from "../runtime/frame-html.ts";
import { useDark } from "../shell/theme.ts";

interface Props {
  readonly cell: CellView;
  readonly html: string;
}

/** What an `html` cell wrote, in a frame that has no origin, runs no script and loads nothing. */
export function FrameOutput({ cell, html }: Props): ReactNode {
  const dark = useDark();
  return (
    <div className="html-frame">
      <iframe
        title={`what ${cell.name ?? "an html cell"} shows`}
        sandbox=""
        srcDoc={frameDocument(html, dark)}
      />
    </div>
  );
}

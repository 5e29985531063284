import { useEffect, useRef } from "react";
import type { ReactNode } from "react";

import { siteIn } from "#protocol/trace.ts";

interface Props {
  readonly url: string;
  readonly file: string;
  /** Its name as a file to keep. */
  readonly download: string;
  /** Data version: the frame loads again only when it changes. */
  readonly version: string;
  readonly title: string;
  /** Told of the site of a row of which somebody asks where it is from; null: nobody can tell. */
  readonly onTrace: ((site: string) => void) | null;
}

/**
 * A report inside the page, in a sandbox: an origin of its own, no way to this page or its server. Links
 * that it opens leave the sandbox, as the sites behind them do not work inside one. It is told that this is the
 * page, and all that is taken from it is the site of a row to trace, or that somebody leaves it (`report.js`).
 */
export function Report({ url, file, download, version, title, onTrace }: Props): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  useEffect(() => {
    const heard = ({ source, data }: MessageEvent<unknown>): void => {
      if (source !== frame.current?.contentWindow) return;
      const asked = askedOf(data);
      if (asked?.karyon === "leave") frame.current.closest("article")?.focus({ preventScroll: true });
      else if (asked !== null) onTrace?.(asked.site);
    };
    addEventListener("message", heard);
    return () => removeEventListener("message", heard);
  }, [onTrace]);
  return (
    <div className="report">
      <iframe
        key={version}
        ref={frame}
        title={title}
        src={url}
        sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        // Its origin is none that could be named.
        onLoad={() =>
          frame.current?.contentWindow?.postMessage({ karyon: "page", traces: onTrace !== null }, "*")
        }
      />
      <p className="output-foot">
        <span>{file}</span>
        <span className="space" />
        <a href={url} target="_blank" rel="noopener noreferrer">
          Open in a new tab
        </a>
        <a href={url} download={download}>
          Download
        </a>
      </p>
    </div>
  );
}

type Asked = { readonly karyon: "leave" } | { readonly karyon: "trace"; readonly site: string };

/** What a report asks for; null for anything else, as its template may be anybody's. */
function askedOf(data: unknown): Asked | null {
  if (typeof data !== "object" || data === null || !("karyon" in data)) return null;
  if (data.karyon === "leave") return { karyon: "leave" };
  if (data.karyon !== "trace" || !("site" in data) || typeof data.site !== "string") return null;
  return siteIn(data.site) === null ? null : { karyon: "trace", site: data.site };
}

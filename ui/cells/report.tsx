import type { ReactNode } from "react";

interface Props {
  readonly url: string;
  readonly file: string;
  /** Data version: the frame loads again only when it changes. */
  readonly version: string;
  readonly title: string;
}

/**
 * A report inside the page, in a sandbox: an origin of its own, no way to this page or its server. Links
 * that it opens leave the sandbox, as the sites behind them do not work inside one.
 */
export function Report({ url, file, version, title }: Props): ReactNode {
  return (
    <div className="report">
      <iframe
        key={version}
        title={title}
        src={url}
        sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
      />
      <p className="output-foot">
        <span>{file}</span>
        <span className="space" />
        <a href={url} target="_blank" rel="noopener noreferrer">
          Open in a new tab
        </a>
        <a href={url} download={file.slice(file.lastIndexOf("/") + 1)}>
          Download
        </a>
      </p>
    </div>
  );
}

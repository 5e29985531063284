import type { ReactNode } from "react";

interface Props {
  readonly title: string;
  /** One line on what is here. */
  readonly facts: ReactNode;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}

/** A page beside the notebook: title, one line of facts, tools, then its content. */
export function PageFrame({ title, facts, tools, children }: Props): ReactNode {
  return (
    <div className="work-page">
      <div className="page-head">
        <h2>{title}</h2>
        <p>{facts}</p>
        <span className="space" />
        {tools === undefined ? null : <div className="page-tools">{tools}</div>}
      </div>
      {children}
    </div>
  );
}

import type { ReactNode } from "react";

import { stopwatch } from "../words/numbers.ts";
import { KernelLine } from "./kernel-line.tsx";
import { NewerLine } from "./newer-line.tsx";
import { UpdateLine } from "./update-line.tsx";
import { useNow, usePage, useStore } from "./use-store.tsx";

export function Footer(): ReactNode {
  const { snapshot } = usePage().page;
  return (
    <footer className="bottom">
      <ConnectionLine />
      <UpdateLine />
      <NewerLine />
      {snapshot === null ? null : (
        <>
          <KernelLine kernel={snapshot.kernel} />
          <span className="wide">{snapshot.workspace}</span>
          <span className="wide">{snapshot.software}</span>
        </>
      )}
      <span className="space" />
      <span>nothing leaves this computer</span>
    </footer>
  );
}

function ConnectionLine(): ReactNode {
  const store = useStore();
  const { connection, snapshot } = usePage().page;
  const now = useNow(1000);
  switch (connection.kind) {
    case "open":
      return (
        <span>
          <span className="ink-fresh" aria-hidden="true">
            ●
          </span>{" "}
          connected
        </span>
      );
    case "connecting":
      return <span>connecting…</span>;
    case "offline": {
      if (connection.locked) {
        return (
          <span className="offline">
            <span aria-hidden="true">⌁</span> Karyon was started anew: open the address that it printed
          </span>
        );
      }
      const running = snapshot?.runs.some((run) => run.state === "running") ?? false;
      const wait = Math.ceil((connection.retryAt - now) / 1000);
      return (
        <span className="offline">
          <span aria-hidden="true">⌁</span> disconnected {stopwatch((now - connection.since) / 1000)}
          {running ? " — the run goes on if the server does" : ""}
          {wait > 0 ? ` · tries again in ${wait} s` : " · trying"}
          <button type="button" className="button quiet" onClick={() => store.connect()}>
            Try now
          </button>
        </span>
      );
    }
  }
}

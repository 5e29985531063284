import { useEffect, useMemo, useRef, useState } from "react";
import type { ReactNode } from "react";

import { errorInfo } from "#protocol/error.ts";

import { Overlays } from "./editor/overlays.tsx";
import { FindPanel } from "./find/find-panel.tsx";
import { loadKeys, useKeyOf } from "./keys/bindings.ts";
import { keyWords } from "./keys/key-words.ts";
import { useKeptFocus } from "./keys/use-kept-focus.ts";
import { useKeys } from "./keys/use-keys.ts";
import { Cell } from "./cells/cell.tsx";
import { InsertBar } from "./cells/insert-bar.tsx";
import { PastBanner } from "./compare/past-banner.tsx";
import { ErrorCard } from "./shell/error-card.tsx";
import { showTabMark } from "./shell/favicon.ts";
import { FinishedPill } from "./shell/finished-pill.tsx";
import { Footer } from "./shell/footer.tsx";
import { Header } from "./shell/header.tsx";
import { KeySheet } from "./shell/key-sheet.tsx";
import { Pane } from "./shell/pane.tsx";
import { useDroppedFiles } from "./pages/dropped-files.ts";
import { WorkPages } from "./pages/work-pages.tsx";
import { Rail } from "./shell/rail.tsx";
import { SECTION_NAMES, sectionFrom, useSection } from "./shell/section.ts";
import type { Section } from "./shell/section.ts";
import { TrustBanner } from "./shell/trust-banner.tsx";
import { applyTheme, nextTheme, savedTheme } from "./shell/theme.ts";
import { useMedia } from "./shell/use-media.ts";
import { usePage, useStore } from "./shell/use-store.tsx";
import { useSummary } from "./shell/use-summary.ts";
import { placeFrom, placeQuery } from "./shell/place.ts";
import type { ShellActions } from "./state/shell-actions.ts";
import { PAGE } from "./state/page-store.ts";

/** From this width on the pane stands beside the notebook; below, it lies over it and is closed at first. */
const ROOM_FOR_PANE = "(min-width: 1160px)";

export function App(): ReactNode {
  const store = useStore();
  const { page, told } = usePage();
  const [section, goTo] = useSection();
  const [paneOpen, setPaneOpen] = useState(() => matchMedia(ROOM_FOR_PANE).matches);
  const [helpOpen, setHelpOpen] = useState(false);
  const [theme, setTheme] = useState(savedTheme);
  const [reading, setReading] = useState(false);
  const [railOpen, setRailOpen] = useState(true);
  /** Null while nothing is searched. */
  const [finding, setFinding] = useState<"find" | "replace" | null>(null);
  const actions = useMemo(
    (): ShellActions => ({
      togglePane: () => setPaneOpen((open) => !open),
      showLineage: () => {
        if (paneOpen || sectionFrom(location.hash) !== "notebook") goTo("lineage");
        else setPaneOpen(true);
      },
      toggleReading: () => setReading((on) => !on),
      toggleRail: () => setRailOpen((open) => !open),
      toggleRuns: () => goTo(sectionFrom(location.hash) === "runs" ? "notebook" : "runs"),
      nextTheme: () => setTheme((now) => nextTheme(now)),
      find: (replace) => {
        setFinding(replace ? "replace" : "find");
        // One that is open already only has to be written in again.
        const field = document.querySelector<HTMLInputElement>(".find-panel input");
        field?.focus();
        field?.select();
      },
      showHelp: () => setHelpOpen(true),
    }),
    [goTo, paneOpen],
  );
  useKeys(actions, reading);
  useKeptFocus();
  useDroppedFiles(goTo);
  const readingKey = useKeyOf()("reading");
  useEffect(() => {
    loadKeys().catch((error: unknown) =>
      store.toast(`The keys are as they came: ${errorInfo(error).message}`),
    );
  }, [store]);
  useEffect(() => applyTheme(theme), [theme]);
  // Made narrower, or larger by zoom, the page has no room beside it any more.
  const roomForPane = useMedia(ROOM_FOR_PANE);
  const [hadRoom, setHadRoom] = useState(roomForPane);
  if (hadRoom !== roomForPane) {
    setHadRoom(roomForPane);
    if (!roomForPane) setPaneOpen(false);
  }
  useDocument(section);

  // The page of the whole graph needs none beside it.
  const paneShown = paneOpen && !reading && section !== "lineage";
  const { snapshot } = page;
  const refusal = page.refusals[PAGE];
  const byKey = new Map(snapshot?.assets.map((asset) => [asset.key, asset]));
  return (
    <div
      className={[
        "page",
        paneShown ? "with-pane" : "",
        railOpen && !reading ? "" : "no-rail",
        reading ? "reading" : "",
        page.past.whole === null ? "" : "as-it-was",
      ].join(" ")}
    >
      <Header />
      <Rail
        section={section}
        paneOpen={paneOpen}
        theme={theme}
        onSection={goTo}
        onPane={actions.togglePane}
        onTheme={actions.nextTheme}
        onReading={actions.toggleReading}
        onHelp={actions.showHelp}
      />
      {section === "notebook" ? null : <WorkPages key={section} section={section} goTo={goTo} />}
      {finding === null || section !== "notebook" ? null : (
        <FindPanel
          // Who reads sees no code to replace anything in.
          replacing={finding === "replace" && !reading}
          onReplacing={(replace) => setFinding(replace ? "replace" : "find")}
          onClose={() => setFinding(null)}
        />
      )}
      <main className="notebook" tabIndex={-1} aria-busy={snapshot === null} hidden={section !== "notebook"}>
        <div className="column">
          {refusal === undefined ? null : snapshot === null ? (
            <ErrorCard
              error={refusal}
              title="not opened"
              action={
                location.search === ""
                  ? { label: "Make a notebook", onPress: () => goTo("notebooks") }
                  : { label: "Open the first notebook", onPress: () => location.assign("/") }
              }
            />
          ) : (
            <ErrorCard
              error={refusal}
              title="not done"
              onDismiss={() => store.dismiss(PAGE)}
              action={
                snapshot.partitions.length > 0
                  ? undefined
                  : { label: "Add a sample", onPress: () => goTo("samples") }
              }
            />
          )}
          {snapshot === null && refusal === undefined ? <Waiting /> : null}
          <PastBanner />
          {snapshot === null || snapshot.notebook.at !== undefined ? null : (
            <TrustBanner notebook={snapshot.notebook} />
          )}
          {snapshot === null ? null : <InsertBar after={null} name="the top" />}
          {snapshot?.notebook.cells.map((cell) => (
            <Cell
              key={cell.id}
              cell={cell}
              asset={cell.asset === null ? null : (byKey.get(cell.asset) ?? null)}
            />
          ))}
        </div>
      </main>
      {reading ? (
        <button type="button" className="button reading-end" onClick={actions.toggleReading}>
          Back to the cells {readingKey === null ? null : <kbd>{keyWords(readingKey)}</kbd>}
        </button>
      ) : null}
      {paneShown ? <Pane onClose={actions.togglePane} /> : null}
      <FinishedPill />
      <Footer />
      <div className="announcer" role="status" aria-atomic="false">
        {told.map(({ number, text }) => (
          <p key={number}>{text}</p>
        ))}
      </div>
      <Overlays />
      {helpOpen ? <KeySheet onClose={() => setHelpOpen(false)} /> : null}
    </div>
  );
}

function Waiting(): ReactNode {
  const { connection } = usePage().page;
  return (
    <p className="output-note">
      {connection.kind === "offline" && !connection.locked
        ? "The server does not answer. Start it, and this page goes on."
        : "Opening…"}
    </p>
  );
}

/** Title, mark and address of the document follow what is shown. */
function useDocument(section: Section): void {
  const { page } = usePage();
  const { snapshot } = page;
  const { running, failed } = useSummary();
  const prefix = running > 0 ? `(${running} running) ` : failed > 0 ? `(${failed} failed) ` : "";
  const shown = section === "notebook" ? snapshot?.notebook.title : SECTION_NAMES[section];
  const title = shown === undefined ? "Karyon" : `${prefix}${shown} · Karyon`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  const mark = running > 0 ? "running" : failed > 0 ? "failed" : "idle";
  useEffect(() => showTabMark(mark), [mark]);
  const path = snapshot?.notebook.path;
  const partition = snapshot?.partition;
  const at = page.past.whole?.at ?? null;
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (path === undefined || partition === undefined) return;
    const address = `${placeQuery({ notebook: path, partition, at })}${location.hash}`;
    const here = placeQuery({ notebook: path, partition, at: null });
    const said = placeQuery({ ...placeFrom(location.search), at: null });
    // What was chosen is a place that Back leads away from; where Back has led, the address says so already.
    const chosen = last.current !== null && last.current !== here && said !== here;
    last.current = here;
    if (chosen) history.pushState(null, "", address);
    else history.replaceState(null, "", address);
  }, [path, partition, at]);
}

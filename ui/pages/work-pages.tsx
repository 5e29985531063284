import { useCallback, useEffect, useRef } from "react";
import type { ReactNode } from "react";

import type { AssetKey } from "#protocol/ids.ts";

import { ErrorCard } from "../shell/error-card.tsx";
import type { Section } from "../shell/section.ts";
import { cellAnchor } from "../shell/show-cell.ts";
import { useChooseAsset } from "../shell/use-choose-asset.ts";
import { usePage, useStore } from "../shell/use-store.tsx";
import { PAGE } from "../state/page-store.ts";
import { AssetsPage } from "./assets-page.tsx";
import { LineagePage } from "./lineage-page.tsx";
import { ModulesPage } from "./modules-page.tsx";
import { NotebooksPage } from "./notebooks-page.tsx";
import { RunsPage } from "./runs-page.tsx";
import { SamplesPage } from "./samples-page.tsx";

interface Props {
  readonly section: Exclude<Section, "notebook">;
  readonly goTo: (section: Section) => void;
}

/** The pages beside the notebook, which stays as it is behind them. */
export function WorkPages({ section, goTo }: Props): ReactNode {
  const store = useStore();
  const choose = useChooseAsset();
  const main = useRef<HTMLElement>(null);
  const refusal = usePage().page.refusals[PAGE];
  useEffect(() => {
    main.current?.focus({ preventScroll: true });
    return () => {
      // Back in the notebook, the cell has the focus that had it.
      const { focusedCell } = store.view().page;
      if (focusedCell === null || document.activeElement !== document.body) return;
      document.getElementById(cellAnchor(focusedCell))?.focus({ preventScroll: true });
    };
  }, [store]);
  const open = useCallback(
    (asset: AssetKey): void => {
      goTo("notebook");
      const { snapshot } = store.view().page;
      const home = snapshot?.assets.find((one) => one.key === asset)?.notebook ?? null;
      if (home === null || home === snapshot?.notebook.path) {
        // The cell can be scrolled to once the notebook is shown again.
        requestAnimationFrame(() => choose(asset));
        return;
      }
      const stop = store.subscribe(() => {
        if (store.view().page.snapshot?.notebook.path !== home) return;
        stop();
        requestAnimationFrame(() => choose(asset));
      });
      store.open(home, null);
    },
    [store, choose, goTo],
  );
  const back = (): void => goTo("notebook");
  return (
    <main ref={main} className="notebook" tabIndex={-1}>
      {refusal === undefined ? null : (
        <ErrorCard error={refusal} title="not done" onDismiss={() => store.dismiss(PAGE)} />
      )}
      {section === "samples" ? <SamplesPage onOpen={back} /> : null}
      {section === "runs" ? <RunsPage /> : null}
      {section === "assets" ? <AssetsPage onChoose={open} /> : null}
      {section === "modules" ? <ModulesPage /> : null}
      {section === "notebooks" ? <NotebooksPage onOpen={back} /> : null}
      {section === "lineage" ? <LineagePage onChoose={open} /> : null}
    </main>
  );
}

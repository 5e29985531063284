import { useCallback, useSyncExternalStore } from "react";

/** Pages of the workspace; the notebook is the first. */
export const SECTIONS = ["notebook", "notebooks", "samples", "runs", "assets", "modules", "lineage"] as const;
export type Section = (typeof SECTIONS)[number];

/** What each is called, where one goes and in the title of the tab. */
export const SECTION_NAMES: Readonly<Record<Section, string>> = {
  notebook: "Notebook",
  notebooks: "Notebooks",
  samples: "Samples",
  runs: "Runs",
  assets: "Assets",
  modules: "Modules",
  lineage: "Lineage of everything",
};

const CHANGED = "karyon-section";

/** What an address shows; anything unknown shows the notebook. */
export function sectionFrom(hash: string): Section {
  const name = hash.replace(/^#\//, "");
  return SECTIONS.find((one) => hash.startsWith("#/") && one === name) ?? "notebook";
}

/** The page that is shown, kept in the address so that Back leads to the one before. */
export function useSection(): readonly [Section, (section: Section) => void] {
  const section = useSyncExternalStore(subscribe, () => sectionFrom(location.hash));
  const go = useCallback((next: Section) => {
    if (next === sectionFrom(location.hash)) return;
    const hash = next === "notebook" ? "" : `#/${next}`;
    history.pushState(null, "", `${location.pathname}${location.search}${hash}`);
    dispatchEvent(new Event(CHANGED));
  }, []);
  return [section, go];
}

function subscribe(listener: () => void): () => void {
  const names = [CHANGED, "popstate", "hashchange"];
  for (const name of names) addEventListener(name, listener);
  return () => {
    for (const name of names) removeEventListener(name, listener);
  };
}

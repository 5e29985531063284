/** How long after it is loaded the page has something else to fetch, where a browser does not say when it is idle. */
const PATIENCE_MS = 1000;

/** Fetches what is needed soon, so that it is there when the server is not: the page names it, see editor-ahead.ts. */
export function fetchAhead(): void {
  const files = document.querySelector<HTMLMetaElement>("meta[name=fetched-ahead]")?.content ?? "";
  const start = async (): Promise<void> => {
    for (const file of files.split(" ").filter((name) => name !== "")) {
      // What is not read to its end is not kept.
      await fetch(file, { priority: "low" }).then((answer) => answer.arrayBuffer());
    }
  };
  const soon = (): void => {
    // It is tried again when it is needed.
    const run = (): void => void start().catch(() => {});
    if ("requestIdleCallback" in globalThis) requestIdleCallback(run);
    else setTimeout(run, PATIENCE_MS);
  };
  if (document.readyState === "complete") soon();
  else addEventListener("load", soon, { once: true });
}

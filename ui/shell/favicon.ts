/** What the tab of the page shows without its title: whether something is at work, or has failed. */
export type TabMark = "idle" | "running" | "failed";

/** Shape and colour, as everywhere; at rest it is the mark of the page itself. */
const MARKS: Readonly<Record<Exclude<TabMark, "idle">, string>> = {
  running:
    '<circle cx="16" cy="16" r="13" fill="none" stroke="#2563eb" stroke-width="5" stroke-dasharray="54 28"/>',
  failed:
    '<circle cx="16" cy="16" r="15" fill="#c0392b"/><path d="M10 10l12 12M22 10L10 22" stroke="#fff" stroke-width="4"/>',
};

let atRest: string | null = null;

export function showTabMark(mark: TabMark): void {
  const link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (link === null) return;
  atRest ??= link.href;
  link.href =
    mark === "idle"
      ? atRest
      : `data:image/svg+xml,${encodeURIComponent(
          `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${MARKS[mark]}</svg>`,
        )}`;
}

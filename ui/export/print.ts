import { reportOnPaper } from "./report-on-paper.ts";

/**
 * Paper has no folds and no frames: what is folded is opened before it is printed and folded again afterwards, and
 * reports stand in the document for so long.
 */
export function openForPrint(): void {
  const opened = new Set<HTMLDetailsElement>();
  const reports: HTMLElement[] = [];
  addEventListener("beforeprint", () => {
    const documents = [
      document,
      ...[...document.querySelectorAll("iframe")].flatMap((frame) => frame.contentDocument ?? []),
    ];
    for (const one of documents) {
      // What is behind a reveal stays there, on paper too.
      for (const details of one.querySelectorAll<HTMLDetailsElement>(
        "details.on-paper:not([open]), details.row-detail:not(.reveal):not([open])",
      )) {
        details.open = true;
        opened.add(details);
      }
    }
    for (const frame of document.querySelectorAll("iframe")) fitFrame(frame);
    for (const frame of document.querySelectorAll<HTMLIFrameElement>(".report iframe")) {
      const report = reportOnPaper(frame);
      if (report === null) continue;
      frame.after(report);
      reports.push(report);
    }
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened.clear();
    for (const report of reports.splice(0)) report.remove();
  });
}

/** Makes a frame as high as what it shows; one of another origin stays as it is. */
function fitFrame(frame: HTMLIFrameElement): void {
  const body = frame.contentDocument?.body;
  if (body !== undefined) frame.style.height = `${body.scrollHeight}px`;
}

/** Keeps a frame as high as what it shows. */
export function keepFitting(frame: HTMLIFrameElement): void {
  const body = frame.contentDocument?.body;
  if (body === undefined) return;
  new ResizeObserver(() => fitFrame(frame)).observe(body);
}

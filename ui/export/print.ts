/** Paper has no folds: what is folded is opened before it is printed, and folded again afterwards. */
export function openForPrint(): void {
  const opened = new Set<HTMLDetailsElement>();
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
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened.clear();
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

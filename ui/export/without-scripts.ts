/**
 * A document for a frame that runs no script: without those that it has, of which the browser would complain. Nothing
 * rests on it, the frame would not run them.
 */
export function withoutScripts(html: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const script of page.querySelectorAll("script")) script.remove();
  return `<!doctype html>\n${page.documentElement.outerHTML}`;
}

// @vitest-environment jsdom
import { expect, test } from "vitest";

import { reportOnPaper } from "../../ui/export/report-on-paper.ts";

const REPORT = `<html><head><style>
:root { --ink: black } body { color: red } tbody { color: blue } @font-face { font-family: "x"; src: url(data:,) }
</style></head><body>
<p onclick="window.pwned = 1">Words</p><script>window.pwned = 2</script><iframe src="x"></iframe>
<details class="reveal"><p>closed</p></details><form><input></form>
</body></html>`;

function framed(contentDocument: Document | null): HTMLIFrameElement {
  return { contentDocument } as unknown as HTMLIFrameElement;
}

test("what a frame shows stands in the page, with its own style and without what runs or loads", () => {
  const from = new DOMParser().parseFromString(REPORT, "text/html");
  const root = reportOnPaper(framed(from))?.shadowRoot;
  const body = root?.querySelector(".body");
  expect(body?.querySelector("p")?.outerHTML).toBe("<p>Words</p>");
  expect(body?.querySelectorAll("script, iframe, form")).toHaveLength(0);
  expect(body?.querySelector("details")?.open).toBe(false);
  const style = root?.querySelector("style")?.textContent ?? "";
  expect(style).toContain(":host { --ink: black } .body { color: red } tbody { color: blue }");
  expect(style).not.toContain("font-face");
  // The frame is as it was.
  expect(from.querySelectorAll("script")).toHaveLength(1);
});

test("a frame whose document is not at hand stays a frame", () => {
  expect(reportOnPaper(framed(null))).toBeNull();
});

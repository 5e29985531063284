// @vitest-environment jsdom
import { expect, test } from "vitest";

import { frameDocument } from "../../ui/runtime/frame-html.ts";

test("what an html cell wrote opens no connection by an address alone, past the policy of its frame", () => {
  const body = `<p>seen</p><link rel=preconnect href=http://elsewhere.test/><meta http-equiv=refresh content="0;url=/">
<link title="<" rel=dns-prefetch href=//elsewhere.test><iframe srcdoc="<link rel=preconnect href=//elsewhere.test>"></iframe>`;
  const page = new DOMParser().parseFromString(frameDocument(body, false), "text/html");
  expect(page.querySelectorAll("link, iframe, [http-equiv=refresh]")).toHaveLength(0);
  expect(page.querySelector("p")?.textContent).toBe("seen");
});

test("a long text of nothing but beginnings of such elements is text, and soon", () => {
  // Looked at anew from each of them to its end, this would take minutes.
  expect(frameDocument("<link".repeat(400_000), false)).toContain("&lt;link&lt;link");
});

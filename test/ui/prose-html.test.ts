// @vitest-environment jsdom
import { describe, expect, test } from "vitest";

import { proseHtml } from "../../ui/cells/prose-html.ts";

describe("prose", () => {
  test.each([
    ["<script>alert(1)</script>", "<script"],
    ["[x](javascript:alert(1))", "href"],
    ["![x](https://example.org/x.png)", "<img"],
    ["<b onclick=alert(1)>x</b>", "<b"],
  ])("%s makes no %s", (source, never) => expect(proseHtml(source)).not.toContain(never));

  test("a link out of the page tells the other side nothing", () => {
    expect(proseHtml("[x](https://example.org)")).toContain('target="_blank" rel="noopener noreferrer"');
    expect(proseHtml("[x](#below)")).not.toContain("_blank");
  });
});

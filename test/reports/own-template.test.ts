import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { JSDOM } from "jsdom";
import { expect, test } from "vitest";

import { page, readPageAssets } from "../../kernel/reports/page.ts";
import { renderTemplate } from "../../kernel/reports/template.ts";
import { buildView } from "../../kernel/reports/view-model.ts";
import { FACTS } from "./annotation-fixture.ts";
import { smallAnnotations } from "./small-report.ts";

const searchPath = fileURLToPath(new URL("../../notebooks/reports/", import.meta.url));
const view = buildView(smallAnnotations(), FACTS);

async function readGuide(): Promise<string> {
  return readFile(`${searchPath}README.md`, "utf8");
}

test("the example of the guide renders", async () => {
  const text = /```njk\n([^]*?)```/.exec(await readGuide())?.[1] ?? "";
  const { body } = renderTemplate({ name: "example.njk", text, searchPath }, view);
  expect(body).toContain('<p>rs4977574 A/G <span class="weight w-r255">−1.30</span></p>');
});

test("the guide names all of the context", async () => {
  const guide = await readGuide();
  expect(Object.keys(view).filter((name) => !guide.includes(`\`${name}`))).toEqual([]);
});

test("what would lead elsewhere past the policy is left out of the page", async () => {
  const text = `<meta http-equiv=refresh content="0;url=http://elsewhere.test/{{ user_name }}">
<LINK rel=preconnect href=http://elsewhere.test/><link/rel="dns-prefetch" href="//elsewhere.test" title=">">
<<link>link rel=preconnect href=http://elsewhere.test/><base href=http://elsewhere.test/>
<template shadowrootmode=open><link rel=preconnect href=http://elsewhere.test/></template>
<iframe srcdoc="&lt;link rel=preconnect href=http://elsewhere.test/>"></iframe><object data=x></object><embed src=x>
<p>links, metadata, baseline</p><a href="https://elsewhere.test/">followed by a person alone</a>
<meta http-equiv=refresh content="0;url=http://elsewhere.test/"`;
  const made = renderTemplate({ name: "mine.njk", text, searchPath }, view);
  const { document } = new JSDOM(page("mine", "Karyon", made, await readPageAssets(), [])).window;
  const outward = "body :is(link, meta, base, iframe, object, embed), body template";
  expect([...document.querySelectorAll(outward)].map(({ outerHTML }) => outerHTML)).toEqual([
    '<template shadowrootmode="open"></template>',
  ]);
  expect(document.querySelectorAll("meta[http-equiv=refresh]")).toHaveLength(0);
  expect(document.querySelector("p")?.textContent).toBe("links, metadata, baseline");
  expect(document.querySelector("a")?.href).toBe("https://elsewhere.test/");
});

test("a literal style of a template is admitted by its hash", async () => {
  const text = "<style>p { color: teal }</style><p>{{ report_title }}</p>";
  const made = renderTemplate({ name: "mine.njk", text, searchPath }, view);
  const hash = createHash("sha256").update("p { color: teal }").digest("base64");
  expect(page("mine", "Karyon", made, await readPageAssets(), [])).toContain(`'sha256-${hash}'`);
});

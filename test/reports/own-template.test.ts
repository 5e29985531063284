import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

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

test("a literal style of a template is admitted by its hash", async () => {
  const text = "<style>p { color: teal }</style><p>{{ report_title }}</p>";
  const made = renderTemplate({ name: "mine.njk", text, searchPath }, view);
  const hash = createHash("sha256").update("p { color: teal }").digest("base64");
  expect(page("mine", "Karyon", made, await readPageAssets(), [])).toContain(`'sha256-${hash}'`);
});

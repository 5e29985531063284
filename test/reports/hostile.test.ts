import { JSDOM } from "jsdom";
import { beforeAll, describe, expect, test } from "vitest";

import type { Annotations } from "../../kernel/reports/annotation-files.ts";
import { rendered, smallAnnotations } from "./small-report.ts";

/** Values that decide how a row is read; a file cannot fill them freely. */
const CODES: ReadonlySet<string> = new Set([
  "format",
  "name",
  "module",
  "modules",
  "status",
  "kind",
  "key",
  "presence",
  "genotype_evidence",
  "category",
  "chrom",
]);

const PAYLOADS = {
  script: "<script>alert(1)</script>",
  attribute: "\"'><img src=x onerror=alert(1)>",
  template: "{{ 7 * 7 }}{% include 'x' %}",
  address: "javascript:alert(1)",
  style: "</style><style>*{display:none}</style>",
  formula: '=HYPERLINK("x")',
} as const;

function poisoned(value: unknown, payload: string): unknown {
  if (typeof value === "string") return `${payload}${value}`;
  if (Array.isArray(value)) return value.map((item) => poisoned(item, payload));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      CODES.has(key) && !holdsObjects(inner) ? inner : poisoned(inner, payload),
    ]),
  );
}

function holdsObjects(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "object";
}

function kinds(page: Document): string[] {
  return [...new Set([...page.querySelectorAll("*")].map(({ localName }) => localName))].toSorted();
}

function names(page: Document): string[] {
  return [
    ...new Set([...page.querySelectorAll("*")].flatMap((element) => element.getAttributeNames())),
  ].toSorted();
}

/** The small report with the payload before every text that a file or a module can state. */
async function hostile(payload: string): ReturnType<typeof rendered> {
  const { manifest, ...tables } = poisoned(smallAnnotations(), payload) as Annotations;
  const source = { ...manifest.ingest.source, name: `${payload}${manifest.ingest.source.name}` };
  return rendered({ ...tables, manifest: { ...manifest, ingest: { ...manifest.ingest, source } } });
}

describe.each(Object.entries(PAYLOADS))("a %s in every field", (_kind, payload) => {
  let document: Document;
  let clean: Document;
  let texts: string;

  beforeAll(async () => {
    const { html } = await hostile(payload);
    document = new JSDOM(html).window.document;
    clean = new JSDOM((await rendered(smallAnnotations())).html).window.document;
    texts = document.body.textContent ?? "";
  });

  test("is shown as text", () => {
    for (const field of [
      "rs9536314",
      "KL",
      "One copy of the risk allele.",
      "European",
      "genome.vcf.gz",
      "Longevity map",
      "by 25 contig lengths",
    ]) {
      expect(texts).toContain(`${payload}${field}`);
    }
    expect(document.title).toContain(payload);
  });

  test("makes no element, attribute, or address", () => {
    expect(kinds(document)).toEqual(kinds(clean));
    expect(names(document).filter((name) => !names(clean).includes(name))).toEqual([]);
    expect(document.querySelectorAll("script, style")).toHaveLength(2);
    for (const a of document.querySelectorAll("a")) expect(a.getAttribute("href")).toMatch(/^(#|https:\/\/)/);
  });
});

test("characters that hide or reorder text are written out", async () => {
  const { html, json } = await hostile("a\u202eb\u0000c\u001b[31m\u2028");
  for (const text of [html, JSON.stringify(json)]) {
    // oxlint-disable-next-line no-control-regex -- the controls are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069\u2028\u2029]/);
    expect(text).toContain("a⟨U+202E⟩b⟨U+0000⟩c⟨U+001B⟩[31m⟨U+2028⟩");
  }
});

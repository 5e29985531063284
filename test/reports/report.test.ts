import { createHash } from "node:crypto";
import { join } from "node:path";

import { JSDOM } from "jsdom";
import { beforeAll, describe, expect, test } from "vitest";

import { quoteText } from "../../kernel/engines/engine.ts";
import { FACTS, ingest, manifestOf, matched, moduleResult, openDuckdb, site } from "./annotation-fixture.ts";
import { changedFromGolden } from "./golden.ts";
import { rendered, smallAnnotations } from "./small-report.ts";

let small: Awaited<ReturnType<typeof rendered>>;
let document: Document;

beforeAll(async () => {
  small = await rendered(smallAnnotations());
  document = new JSDOM(small.html).window.document;
});

function words(selector: string): string {
  return (document.querySelector(selector)?.textContent ?? "").replaceAll(/\s+/g, " ").trim();
}

function hash(text: string | null | undefined): string {
  return `'sha256-${createHash("sha256")
    .update(text ?? "")
    .digest("base64")}'`;
}

test("a small report is as it was", async () => {
  // Fonts, style and script are left out: what they do is looked at, not compared.
  const body = small.html.replace(/^[^]*<body>\n/, "").replace(/<script>[^]*$/, "");
  const json = `${JSON.stringify(small.json, null, 2)}\n`;
  expect(await changedFromGolden("reports/small", { "body.html": body, "report.json": json })).toEqual([]);
});

test("a summary is as it was, and its twin is that of the whole report", async () => {
  const summary = await rendered(smallAnnotations(), "summary");
  const body = summary.html.replace(/^[^]*<body>\n/, "").replace(/<script>[^]*$/, "");
  expect(await changedFromGolden("reports/summary", { "body.html": body })).toEqual([]);
  expect(summary.json).toEqual(small.json);
});

test("the same request gives the same bytes", async () => {
  const again = await rendered(smallAnnotations());
  expect(again.html).toBe(small.html);
  expect(again.json).toEqual(small.json);
});

test("totals are those of an independent sum over the table", async () => {
  const connection = await openDuckdb(small.folder);
  const sums = await connection.rows<{
    module: string;
    n: number;
    good: number;
    bad: number;
    net: number | null;
    inferred: number;
  }>(
    `select module, count(*) filter (genotype_evidence = 'called')::integer as n,
       count(*) filter (genotype_evidence = 'called' and sign > 0)::integer as good,
       count(*) filter (genotype_evidence = 'called' and sign < 0)::integer as bad,
       round(sum(weight) filter (genotype_evidence = 'called'), 2) as net,
       count(*) filter (genotype_evidence <> 'called')::integer as inferred
     from read_parquet(${quoteText(join(small.folder, "user_hf_module_annotations.parquet"))}) group by module`,
  );
  connection.close();
  const sections = [small.json.longevity, ...small.json.other_modules].flatMap((section) => section ?? []);
  for (const { module, n, good, bad, net, inferred } of sums) {
    expect(sections.find(({ module_name }) => module_name === module)?.summary, module).toMatchObject({
      total_variants: n,
      total_positive: good,
      total_negative: bad,
      total_weight: net,
      total_restored: inferred,
    });
  }
  expect(sums).toHaveLength(3);
});

test("the policy admits the style and the script of the file by hash, and nothing from elsewhere", () => {
  const policy = document.querySelector("meta[http-equiv]")?.getAttribute("content") ?? "";
  expect(policy).toBe(
    [
      "default-src 'none'",
      `style-src ${hash(document.querySelector("style")?.textContent)}`,
      `script-src ${hash(document.querySelector("script")?.textContent)}`,
      "font-src data:",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ].join("; "),
  );
  expect(document.querySelectorAll("style, script")).toHaveLength(2);
  expect(document.querySelectorAll("[style], link, img, iframe, object, form, base")).toHaveLength(0);
});

test("every link out is https to a public database and takes no referrer", () => {
  const out = [...document.querySelectorAll("a")].filter(
    (a) => !(a.getAttribute("href") ?? "").startsWith("#"),
  );
  expect(out.length).toBeGreaterThan(5);
  for (const a of out) {
    expect(a.href).toMatch(
      /^https:\/\/(www\.ncbi\.nlm\.nih\.gov|pubmed\.ncbi\.nlm\.nih\.gov|genomics\.senescence\.info)\//,
    );
    expect(a.rel).toBe("noopener noreferrer");
  }
});

test("every link inside leads to a place in the file", () => {
  const inside = [...document.querySelectorAll('a[href^="#"]')].map((a) =>
    (a.getAttribute("href") ?? "").slice(1),
  );
  expect(inside.filter((id) => document.getElementById(id) === null)).toEqual([]);
});

test("no id is given twice", () => {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

test("front matter says what was looked at, how it is known, and that it is no medical advice", () => {
  const front = words("header");
  for (const part of [
    "Genomic Annotation Report",
    "This is not medical advice",
    "accredited laboratory",
    "Absence of a listed variant does not rule out others: this report looks at 3 positions only.",
    "demo / genome",
    "genome.vcf.gz",
    "412 MB · sha256 ab12cccccccc",
    "GRCh38 by 25 contig lengths",
    "DeepVariant 1.1",
    "4,257,537 of 6,079,744 read; 1,822,207 removed: 1,702,311 by the caller's filter · 150,000 by quality",
    "22 Nov 2026, 14:02 UTC",
    "Karyon 0.1.0 · DuckDB 1.5.6",
  ]) {
    expect(front).toContain(part);
  }
  expect(document.title).toBe("Genomic Annotation Report · demo / genome");
});

test("a sensitive result is closed, and its genotype stands nowhere else", () => {
  const closed = [...document.querySelectorAll("tbody.closed")];
  expect(closed.map((body) => body.querySelector(".id")?.textContent?.trim())).toEqual([
    "rs7412",
    "rs4977574",
  ]);
  for (const body of closed) {
    const reveal = body.querySelector("details.reveal");
    expect(reveal?.hasAttribute("open")).toBe(false);
    reveal?.remove();
    expect(body.textContent).not.toMatch(/A\/G|[+−]\d|ε2 allele/);
  }
});

test("no sum that stands open tells what is closed, in either report", async () => {
  const annotations = smallAnnotations();
  // As another allele would have it: what stands open is the same page but for the order of rows.
  const rows = annotations.rows.map((row) =>
    row.rsid === "rs7412"
      ? { ...row, weight: -3, state: "risk", sign: -1 }
      : row.rsid === "rs4977574"
        ? { ...row, state: "risk", sign: -1 }
        : row,
  );
  for (const template of ["longevity", "summary"] as const) {
    const seen = async (found: typeof annotations): Promise<string[]> => {
      const { html } = await rendered(found, template);
      const page = new JSDOM(html).window.document;
      for (const inner of page.querySelectorAll("details.reveal > .inner")) inner.remove();
      const bars = [...page.querySelectorAll(".bar")].map(({ innerHTML }) => innerHTML);
      // The hash of the table that it was made of stands in it, and is another.
      page.querySelector(".pairs")?.remove();
      return [...bars, ...page.body.textContent.split(/\s+/).toSorted()];
    };
    expect(await seen({ ...annotations, rows }), template).toEqual(await seen(annotations));
  }
});

test("the whole sums are there for who asks, on the page and in its twin", () => {
  expect(words("#module-longevitymap > .totals")).toMatch(
    /^2 matched 0 favourable 1 unfavourable net weight −0\.94 1 closed, counted apart/,
  );
  expect(words("#module-longevitymap > .reveal .inner")).toBe("1 favourable 1 unfavourable net weight −0.44");
  expect(small.json.longevity?.summary).toMatchObject({ total_variants: 2, total_weight: -0.44 });
  expect(small.json.longevity?.open_summary).toMatchObject({ total_variants: 1, total_weight: -0.94 });
});

test("a missing weight is a dash, never a zero", () => {
  const row = [...document.querySelectorAll("#module-superhuman tbody")].find((body) =>
    body.textContent?.includes("rs11209026"),
  );
  expect(row?.querySelector(".weight")?.textContent).toBe("– protective");
});

test("an inferred row has its badge and the distance, and its own total", () => {
  expect(words("#module-longevitymap .totals")).toContain("1 inferred counted apart");
  const row = [...document.querySelectorAll("#module-longevitymap tbody")].find((body) =>
    body.textContent?.includes("rs5882"),
  );
  expect(row?.querySelector(".badge")?.textContent).toBe("inferred, 180 bp");
});

describe("states that are easily mixed up are told apart", () => {
  test("nothing was found where the file could be looked at", async () => {
    const annotations = smallAnnotations();
    const modules = annotations.manifest.modules.map((module) =>
      module.name === "vo2max" ? { ...module, presence: { called_hom_ref: 3, no_data: 10 } } : module,
    );
    const looked = { ...annotations, manifest: { ...annotations.manifest, modules } };
    const none = "None found for this module: no genotype that it describes is called in this file.";
    expect((await rendered(looked)).html).toContain(none);
    expect(small.html).not.toContain(none);
    expect((await rendered(looked, "summary")).html).not.toContain("could not look");
  });

  test("nothing was found, and what was found is left out of the page", async () => {
    const { html } = await rendered(smallAnnotations(), "summary");
    const page = new JSDOM(html).window.document;
    const cells = [...page.querySelectorAll("#strongest + table tbody tr")].map((row) =>
      [...row.children].map((cell) => cell.textContent),
    );
    const of = (title: string): unknown => cells.find(([first]) => first === title)?.slice(1);
    // Its favourable ones are a sensitive one and one that is inferred.
    expect(of("Longevity map")).toEqual(["none shown", expect.stringContaining("KL")]);
    expect(of("Coronary disease")).toEqual(["none", expect.stringContaining("CDKN2B-AS1")]);
  });

  test("nothing that could be looked at, an empty pathway, skipped and failed", () => {
    const nothing = words("#module-vo2max .none");
    const pathway = words("#module-longevitymap .none").split(". ")[0] ?? "";
    const skipped = words("#not-read + table tbody tr:nth-child(1) td:last-child");
    const failed = words("#not-read + table tbody tr:nth-child(2) td:last-child");
    expect(nothing).toMatch(/^Could not look: /);
    expect(pathway).toBe("None found for this pathway");
    expect(skipped).toBe("Not read: keyed by rsID, and this file states none");
    expect(failed).toBe("Not read, failed: variants.csv:214: invalid weight");
    expect(new Set([nothing, pathway, skipped, failed]).size).toBe(4);
  });

  test("a pathway that was looked at, in part, not at all, and one that the module says nothing of", async () => {
    const sites = (
      [
        ["insulin", "called_hom_ref"],
        ["antioxidant", "called_other_genotype"],
        ["antioxidant", "no_data"],
        ["mitochondria", "no_data"],
        ["mitochondria", "no_call"],
      ] as const
    ).map(([category, status]) => site({ module: "longevitymap", category, status }));
    const { html } = await rendered({ ...smallAnnotations(), sites });
    const page = new JSDOM(html).window.document;
    const said = (key: string): string =>
      (page.querySelector(`#pathway-${key} + .none`)?.textContent ?? "").split(/(?<=\.) /)[0] ?? "";
    expect(["insulin", "antioxidant", "mitochondria", "sirtuin"].map((key) => said(key))).toEqual([
      "None found for this pathway.",
      "None found for this pathway, at 1 of 2 sites: at the others the file does not say which alleles there are.",
      "Could not look: the file does not say which alleles there are at any of the 2 sites of this pathway.",
      "Nothing to look for: the module describes no variant of this pathway.",
    ]);
  });

  test("a site whose record a rule removed, and by which one, from one that the file is silent about", async () => {
    const own = (module: string, category: string, status: "filtered" | "no_data", detail: string | null) =>
      site({ module, category, status, detail });
    const sites = [
      own("longevitymap", "insulin", "filtered", "min_depth"),
      own("longevitymap", "antioxidant", "filtered", "pass_filters,min_qual"),
      own("longevitymap", "antioxidant", "filtered", "min_depth"),
      own("longevitymap", "antioxidant", "filtered", "min_depth"),
      own("longevitymap", "antioxidant", "no_data", null),
      site({ module: "longevitymap", category: "mitochondria", status: "called_hom_ref" }),
      own("longevitymap", "mitochondria", "filtered", "min_depth"),
      own("vo2max", "other", "filtered", "sample_filter"),
    ];
    const annotations = smallAnnotations();
    const modules = annotations.manifest.modules.map((module) =>
      module.name === "vo2max" ? { ...module, presence: { filtered: 1 } } : module,
    );
    const { html } = await rendered({
      ...annotations,
      manifest: { ...annotations.manifest, modules },
      sites,
    });
    const page = new JSDOM(html).window.document;
    const said = (selector: string): string => page.querySelector(selector)?.textContent ?? "";
    expect(said("#pathway-insulin + .none")).toMatch(
      /^Could not look: a quality rule removed the records that say which alleles there are at the one site of this pathway\. Removed: 1 site by depth\. That is not/,
    );
    expect(said("#pathway-antioxidant + .none")).toMatch(
      /^Could not look: the file does not say, or a quality rule removed, which alleles there are at any of the 4 sites of this pathway\. Removed: 1 site by the caller's filter, by quality; 2 sites by depth\. That/,
    );
    expect(said("#pathway-mitochondria + .none")).toMatch(
      /^None found for this pathway, at 1 of 2 sites: at the others a quality rule removed the records that say which alleles there are\. Removed: 1 site by depth\. /,
    );
    expect(said("#module-vo2max .none")).toMatch(
      /^Could not look: a quality rule removed the records that say which alleles there are at any site of this module\. Removed: 1 site by the sample's own filter\. /,
    );
  });

  test("sites probed without a match are a number, not a finding", () => {
    expect(words("#module-vo2max .sub")).toMatch(
      /^3 records found at its positions, shown nowhere as a finding/,
    );
    expect(document.querySelector("#module-vo2max table")).toBeNull();
  });

  test("a run without modules has no results and the general title", async () => {
    const { html, json } = await rendered({ manifest: manifestOf([]), rows: [], studies: [], sites: [] });
    const none = new JSDOM(html).window.document;
    expect(json.report_title).toBe("Genomic Annotation Report");
    expect(none.querySelector("#balance")?.textContent).toBe("No results");
    expect(none.body.textContent).toContain("No annotation module was read in this run");
    expect(none.body.textContent).not.toContain("None found");
  });

  test("a run whose modules were not read says why in the place of results, and has no empty table", async () => {
    const skipped = ["a", "b"].map((name) =>
      moduleResult(name, [], { status: "skipped", reason: "the file states no genotypes" }),
    );
    const findings = [{ kind: "NO_GENOTYPES", count: 1, first: null }];
    const manifest = manifestOf(skipped, { ingest: ingest({ findings }) });
    const { html } = await rendered({ manifest, rows: [], studies: [], sites: [] });
    const none = new JSDOM(html).window.document;
    expect(none.querySelector("#balance + p")?.textContent).toMatch(
      /Not read:\s+A, B \(skipped: the file states no genotypes\)\.$/,
    );
    expect(none.querySelector("#findings + table")?.textContent).toContain("no module can be read");
    expect(
      [...none.querySelectorAll("table")].filter((one) => one.querySelector("tbody tr") === null),
    ).toEqual([]);
  });
});

test("the twelve pathways stand in order, those with variants first", () => {
  const ids = [...document.querySelectorAll("#module-longevitymap h3")].map(({ id }) =>
    id.replace("pathway-", ""),
  );
  expect(ids).toEqual([
    "lipids",
    "other",
    "insulin",
    "antioxidant",
    "mitochondria",
    "sirtuin",
    "mtor",
    "tumor-suppressor",
    "renin-angiotensin",
    "heat-shock",
    "inflammation",
    "genome_maintenance",
  ]);
});

test("rows after the tenth are folded, and none is lost", async () => {
  const rows = Array.from({ length: 25 }, (_, at) => matched({ rsid: `rs${at + 1}`, weight: 25 - at }));
  const { html } = await rendered({
    manifest: manifestOf([moduleResult("coronary", rows)]),
    rows,
    studies: [],
    sites: [],
  });
  const page = new JSDOM(html).window.document;
  const shown = (selector: string): number => page.querySelectorAll(`${selector} td.id`).length;
  expect([shown("#module-coronary > table"), shown("#module-coronary > .rest")]).toEqual([10, 15]);
  expect(page.querySelector(".rest > summary")?.textContent).toContain("Open all 25 rows");
});

test("provenance is whole: hashes of the input, of what it was made from, and of each module", () => {
  const made = words("#made ~ .pairs");
  expect(made).toContain("ab12".padEnd(64, "c"));
  expect(made).toContain("9f3a1c".padEnd(64, "e"));
  expect(made).toContain("41d09b".padEnd(64, "7"));
  expect(made).toContain(`user_longevity_report · run ${FACTS.provenance.run}`);
});

test("a font has no address outside the file", () => {
  const style = document.querySelector("style")?.textContent ?? "";
  const urls = [...style.matchAll(/url\(([^)]{0,20})/g)].map(([, url]) => url);
  expect(urls).toEqual(["data:font/woff2;base", "data:font/woff2;base", "data:font/woff2;base"]);
});

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { beforeAll, expect, test } from "vitest";

import { shellWord } from "#protocol/shell-words.ts";

import { karyon, temporaryFolder } from "../support/karyon.ts";

const ENTRY = fileURLToPath(new URL("../../server/cli/karyon.js", import.meta.url));
const SAMPLE = "o'neil/my genome";

let workspace: string;

/** A workspace with a sample whose name a shell would take apart. */
beforeAll(async () => {
  workspace = await temporaryFolder("suggested");
  const genome = join(workspace, "genome.vcf.gz");
  await karyon(workspace, "synth", "--records", "1000", "--seed", "3", "--out", genome);
  await karyon(workspace, "partitions", "add", SAMPLE, "--vcf", genome);
});

const said = async (...words: string[]): Promise<string> => {
  const { stdout, stderr } = await karyon(workspace, ...words);
  return `${stdout}${stderr}`;
};

/** What a shell makes of a line, in the workspace, where `karyon` is this one. */
const inShell = (line: string): string =>
  execFileSync("sh", ["-c", `karyon() { "$NODE" "$ENTRY" "$@"; }\n${line}`], {
    cwd: workspace,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "", NODE: process.execPath, ENTRY },
    stdio: ["ignore", "pipe", "ignore"],
  });

test.each(["plain/word", "änna/x", "two words", "o'neil", "''", "$HOME `id` ;&|", "a\nb", "", "*", "~"])(
  "a shell reads %j back as it is",
  (value) => expect(inShell(`printf %s ${shellWord(value)}`)).toBe(value),
);

test("a command that is suggested does, as it stands, what it says", async () => {
  const refused = await said("hold", "records_by_contig", SAMPLE);
  const [, line = ""] = /Make it first: (karyon .+)/.exec(refused) ?? [];
  expect(inShell(line)).toContain("done  records_by_contig");
  expect(await said("hold", "records_by_contig", SAMPLE)).toContain("held");

  const [, erase = ""] = /To do it: (karyon .+) --yes/.exec(await said("erase", "o'neil")) ?? [];
  expect(inShell(erase)).toContain(`Would erase o'neil: ${SAMPLE}`);
});

test("an export says of which cells nothing is shown, and how it is checked", async () => {
  const made = await said("notebook", "export", "notebooks/personal-genome.md", "--partition", SAMPLE);
  expect(made).toContain("nothing is shown of user_longevity_report: it has no result");
  const [, line = ""] = /check it with (karyon .+)/.exec(made) ?? [];
  expect(inShell(line)).toContain("is a whole notebook");
  expect(await said("notebook", "export", "explore-variants.md")).toContain(
    "nothing is shown of hits: user_hf_module_annotations is of a sample, and none was chosen",
  );
});

test("without a sample, what is of one is not said to be missing", async () => {
  await said("asset", "materialize", "--select", "records_by_contig", "--partition", SAMPLE);
  expect(await said("as-of", "2999-01-01")).toMatch(/records_by_contig +o'neil\/my genome +run \d/);
  expect(await said("lineage", "quality_filters_config")).toMatch(/records_by_contig +– +of a sample/);
  expect(await said("ls", "kind:export and fresh")).toContain("No asset is selected.");
});

test("a notebook is found by the path that a shell completes", async () => {
  expect(await said("check", "notebooks/welcome.md")).toContain("no problem");
});

test("the help fits a narrow terminal", async () => {
  const { stdout } = await karyon(workspace, "--help");
  expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  const one = await karyon(workspace, "hold", "--help");
  expect(one.stdout).toContain("--json");
});

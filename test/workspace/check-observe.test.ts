/** The verbs that look and change nothing of what is made, as they are used: by processes of their own. */
import { mkdir, rename, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeEach, expect, test } from "vitest";

import { addressOf, karyon, karyonJson, temporaryFolder, until } from "../support/karyon.ts";
import { startServer } from "../support/server.ts";

let workspace: string;

const write = (name: string, text: string): Promise<void> =>
  writeFile(join(workspace, "notebooks", name), text);

beforeEach(async () => {
  workspace = await temporaryFolder("check");
  await mkdir(join(workspace, "notebooks"));
});

const GOOD = "# Good\n\n```sql numbers asset\nselect 1 as n\n```\n\n```js\nnumbers\n```\n";

test("check says where each problem lies, of every kind, and exits with 1 only when there is one", async () => {
  await write("good.md", GOOD);
  const good = await karyon(workspace, "check");
  expect([good.code, good.stdout]).toEqual([0, "✓ 2 cells in 1 notebook: no problem\n"]);

  await write(
    "bad.md",
    [
      "```sql ring asset\nselect * from gnir\n```\n",
      "```sql gnir asset\nselect * from ring\n```\n",
      "```sql numbers asset\nselect 2 as n\n```\n",
      "```sql typed asset\nselect\n  n from where\n```\n",
      "```js\nconst a = ;\n```\n",
      "```ts\nenum A { B }\n```\n",
      "```input x\n1; 2\n```\n",
      "```sql twice asset\nselect 1 as n\n```\n",
      "```sql twice asset\nselect 2 as n\n```\n",
      "```sql größe asset\nselect 1 as n\n```\n",
    ].join("\n"),
  );
  const all = await karyonJson<{ problems: { notebook: string; at: string; message: string }[] }>(
    workspace,
    "check",
  );
  const found = all.problems.map(({ at, message }) => `${at} ${message}`);
  expect(found).toEqual([
    expect.stringMatching(/^bad\.md:1 .*(?:ring|gnir)/),
    expect.stringMatching(/^bad\.md:5 .*(?:ring|gnir)/),
    expect.stringMatching(/^bad\.md:9 .*numbers/),
    expect.stringMatching(/^bad\.md:1[3-5] /),
    expect.stringMatching(/^bad\.md:19 syntax/),
    expect.stringMatching(/^bad\.md:23 TypeScript that is more than types/),
    expect.stringMatching(/^bad\.md:27 this is more than one expression/),
    "bad.md:30 two definitions of twice: bad.md:30 and bad.md:34",
    "bad.md:34 two definitions of twice: bad.md:30 and bad.md:34",
    "bad.md:38 a cell that is kept has no name",
    expect.stringMatching(/^good\.md:3 .*numbers/),
  ]);
  expect((await karyon(workspace, "check")).code).toBe(1);
  expect((await karyon(workspace, "check", "good")).stdout).toMatch(/^✕ good\.md:3: /);
  const unknown = await karyon(workspace, "check", "god");
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("no such notebook: god")]);
}, 120_000);

test("check names a notebook that cannot be read, which is left out of all else", async () => {
  await write("good.md", GOOD);
  await symlink(join(workspace, "gone.md"), join(workspace, "notebooks/lost.md"));
  const { code, stdout } = await karyon(workspace, "check");
  expect(code).toBe(1);
  expect(stdout).toContain("✕ lost.md: the notebook cannot be read");
});

test("check names what is broken in a module folder, and what is doubtful, which is no failure", async () => {
  await write("good.md", GOOD);
  const module = async (name: string, files: Readonly<Record<string, string>>): Promise<void> => {
    const folder = join(workspace, "notebooks/modules", name);
    await mkdir(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  };
  const sound = (name: string): Record<string, string> => ({
    "module_spec.yaml": `schema_version: "1.0"\nmodule:\n  name: ${name}\n  title: A\n  description: B\ngenome_build: GRCh38\n`,
    "variants.csv":
      "rsid,chrom,start,ref,alts,genotype,weight,state,conclusion\n" +
      "rs1,1,100,A,G,A/G,1,protective,a\nrs1,1,100,A,G,G/G,-2,protective,a\n",
    "studies.csv": "rsid,pmid,p_value\nrs1,123,2e-8\nrs1,124,2e-8\n",
  });
  await module("doubtful", sound("doubtful"));
  const doubtful = await karyon(workspace, "check");
  expect([doubtful.code, doubtful.stdout]).toEqual([
    0,
    "? modules/doubtful/variants.csv:3: state: protective, while the weight is -2\n" +
      "? modules/doubtful/studies.csv:2: one p-value for several publications: rs1 2e-8\n" +
      "✓ 2 cells in 1 notebook, 1 module: no problem, 2 doubts\n",
  ]);

  await module("Bad Name", sound("bad"));
  await module("genotypes", {
    ...sound("genotypes"),
    "variants.csv": "rsid,genotype,state,conclusion\nrs1,0/1,neutral,a\n",
  });
  await module("spec", {
    ...sound("spec"),
    "module_spec.yaml": "schema_version: '1.0'\nmodule:\n  name: 7\n",
  });
  await module("empty", {});
  const broken = await karyonJson<{
    modules: number;
    problems: { at: string; cell: string; notebook: null; message: string }[];
    doubts: { at: string; rule: string | null }[];
  }>(workspace, "check");
  expect(broken.modules).toBe(5);
  expect(broken.doubts.map(({ at, rule }) => [at, rule])).toEqual([
    ["modules/doubtful/variants.csv:3", null],
    ["modules/doubtful/studies.csv:2", "P_VALUE_COPIED"],
  ]);
  const places = broken.problems.map(({ at, cell, notebook }) => [at, cell, notebook]);
  expect(places).toEqual(
    expect.arrayContaining([
      ["modules/Bad Name", "modules/Bad Name", null],
      ["modules/genotypes/variants.csv:2", "modules/genotypes", null],
      ["modules/spec/module_spec.yaml:3", "modules/spec", null],
      ["modules/empty/module_spec.yaml", "modules/empty", null],
    ]),
  );
  const { code, stdout } = await karyon(workspace, "check");
  expect(code).toBe(1);
  expect(stdout).toContain("✕ modules/spec/module_spec.yaml:3: module.name: ");
  expect((await karyon(workspace, "check", "good")).stdout).toBe("✓ 2 cells in 1 notebook: no problem\n");
}, 120_000);

test("the notebooks that come with Karyon have no problem", async () => {
  const shipped = await temporaryFolder("shipped");
  const { code, stdout } = await karyon(shipped, "check");
  expect([code, stdout]).toEqual([
    0,
    expect.stringMatching(/^✓ \d+ cells in \d+ notebooks, 5 modules: no problem, \d+ doubts\n/m),
  ]);
}, 120_000);

test("observe writes down what changed outside, once, and says what is not there", async () => {
  const vcf = join(workspace, "anna.vcf");
  await karyon(workspace, "synth", "--records", "200", "--seed", "3", "--out", vcf);
  await write(
    "one.md",
    "```yaml user_vcf_source source=vcf\n```\n\n```yaml limits config\nmin_depth: 10\n```\n",
  );
  expect((await karyon(workspace, "partitions", "add", "anna/one", "--vcf", vcf)).code).toBe(0);
  const look = async (...words: string[]): Promise<string[]> => {
    const { observed } = await karyonJson<{
      observed: { asset: string; partition: string; state: string }[];
    }>(workspace, "observe", ...words);
    return observed.map(({ asset, partition, state }) => `${asset} ${partition} ${state}`);
  };
  const VCF = "user_vcf_source anna/one";
  expect(await look()).toEqual(["limits  changed", `${VCF} changed`]);
  expect(await look()).toEqual(["limits  same", `${VCF} same`]);
  await karyon(workspace, "synth", "--records", "201", "--seed", "3", "--out", vcf);
  expect(await look("user_vcf_source", "--partition", "anna/one")).toEqual([`${VCF} changed`]);
  await rename(vcf, `${vcf}.away`);
  const words = await karyon(workspace, "observe");
  expect([words.code, words.stdout]).toEqual([
    0,
    expect.stringMatching(/^– {2}user_vcf_source {2}anna\/one {2}absent/m),
  ]);
  const listed = async (): Promise<string> => (await karyon(workspace, "ls", "user_vcf_source")).stdout;
  expect(await listed()).toContain("failed: the genome file of anna/one is not there: anna.vcf");
  expect((await karyon(workspace, "log", "--limit", "1")).stdout).toContain(
    "absent  user_vcf_source of anna/one",
  );
  await karyon(workspace, "observe");
  await rename(`${vcf}.away`, vcf);
  expect(await look()).toEqual(["limits  same", `${VCF} same`]);
  expect(await listed()).toContain("fresh");
  // The same absence, and the same presence, are each written down once.
  const { events } = await karyonJson<{ events: { event: { type: string } }[] }>(workspace, "log");
  expect(events.slice(-3).map(({ event }) => event.type)).toEqual(["observed", "absent", "observed"]);
}, 120_000);

test("the kernels of a running server are listed, interrupted, restarted and killed by a command", async () => {
  await write("good.md", GOOD);
  const alone = await karyon(workspace, "kernel", "restart", "good");
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining("no kernel of good is running")]);
  await addressOf(startServer(workspace));
  interface Kernel {
    readonly notebook: string;
    readonly state: string;
  }
  const list = async (): Promise<string[]> =>
    (await karyonJson<{ kernels: Kernel[] }>(workspace, "kernel", "list")).kernels.map(
      ({ notebook, state }) => `${notebook} ${state}`,
    );
  // Warm from the start.
  await until(async () => (await list()).includes("personal-genome.md idle"));
  for (const action of ["interrupt", "restart"]) {
    expect(await karyon(workspace, "kernel", action, "personal-genome")).toMatchObject({
      code: 0,
      stdout: "personal-genome.md: kernel idle\n",
    });
  }
  expect((await karyon(workspace, "kernel", "kill", "personal-genome.md")).stdout).toBe(
    "personal-genome.md: kernel off\n",
  );
  expect(await list()).toEqual([]);
}, 120_000);

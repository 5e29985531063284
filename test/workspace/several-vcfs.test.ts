import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { beforeAll, describe, expect, test } from "vitest";

import type { Trace } from "#protocol/trace.ts";

import type { AnnotateResult } from "../../server/cli/annotate-result.ts";
import { karyon, karyonJson, temporaryFolder } from "../support/karyon.ts";
import { call, vcfOf } from "../sources/vcf-case.ts";

let workspace: string;
/** A synthetic genome, whole and as a vendor gives it: SNPs in one file, all else in another. */
const path = (name: string): string => join(workspace, name);

beforeAll(async () => {
  workspace = await temporaryFolder("several");
  await karyon(workspace, "synth", "--records", "20000", "--seed", "3", "--out", path("whole.vcf"));
  const lines = (await readFile(path("whole.vcf"), "utf8")).split("\n").filter((line) => line !== "");
  const isSnp = (line: string): boolean => /^(?:[^\t]+\t){3}[A-Z]\t[A-Z](?:,[A-Z])*\t/.test(line);
  const write = (name: string, keep: (line: string) => boolean): Promise<void> =>
    writeFile(path(name), `${lines.filter((line) => line.startsWith("#") || keep(line)).join("\n")}\n`);
  await write("snp.vcf", (line) => isSnp(line));
  await write("indel.vcf", (line) => !isSnp(line));
});

async function keys(): Promise<string[]> {
  const list = await karyonJson<{ partitions: { key: string }[] }>(workspace, "partitions", "list");
  return list.partitions.map(({ key }) => key);
}

describe("several VCFs that are one sample", () => {
  test("say what the whole says", async () => {
    const whole = await karyonJson<AnnotateResult>(workspace, "annotate", path("whole.vcf"), "-u", "anna");
    const parts = [path("snp.vcf"), path("indel.vcf")];
    const both = await karyonJson<AnnotateResult>(workspace, "annotate", ...parts, "-u", "anna");
    expect(both).toMatchObject({ partition: "anna/SYNTHETIC", state: "done", findings: [] });
    expect(both.records).toEqual(whole.records);
    const told = ({ modules }: AnnotateResult): unknown =>
      modules.map(({ name, matched }) => [name, matched]);
    expect(told(both)).toEqual(told(whole));
    const report = await readFile(both.report ?? "", "utf8");
    expect(report).toContain("<b>snp.vcf</b>");
    expect(report).toContain("<b>indel.vcf</b>");

    const again = await karyonJson<AnnotateResult>(
      workspace,
      "annotate",
      ...parts.toReversed(),
      "-u",
      "anna",
    );
    expect(again).toMatchObject({ unchanged: true });
    const one = await karyon(workspace, "annotate", path("snp.vcf"), "-u", "anna", "--sample", "SYNTHETIC");
    expect(one.stderr).toContain(`anna/SYNTHETIC is other files: ${path("indel.vcf")}, ${path("snp.vcf")}`);
  });

  test.each(["snp.vcf", "indel.vcf"])("a call of %s is traced to its line in it", async (name) => {
    const lines = (await readFile(path(name), "utf8")).split("\n");
    const number = lines.findIndex((line) => line !== "" && !line.startsWith("#")) + 1;
    const text = lines[number - 1] ?? "";
    const [contig, position] = text.split("\t");
    const { input } = await karyonJson<Trace>(workspace, "trace", "anna/SYNTHETIC", `${contig}:${position}`);
    expect(input?.files).toMatchObject([
      { name: "indel.vcf", state: "read" },
      { name: "snp.vcf", state: "read" },
    ]);
    expect(input?.lines).toMatchObject([{ file: name, line: number, text }]);
  });

  test("a file that changed makes what was read stale, one that is gone is named", async () => {
    const files = ["--vcf", path("snp.vcf"), "--vcf", path("indel.vcf")];
    expect((await karyon(workspace, "partitions", "add", "bob/both", ...files)).code).toBe(0);
    const materialise = [
      "asset",
      "materialize",
      "--select",
      "user_vcf_normalized",
      "--partition",
      "bob/both",
    ];
    expect((await karyon(workspace, ...materialise)).code).toBe(0);
    await writeFile(path("indel.vcf"), (await readFile(path("indel.vcf"), "utf8")).replaceAll("PASS", "."));
    await karyon(workspace, "observe", "--partition", "bob/both");
    const why = await karyon(workspace, "why", "user_vcf_normalized", "bob/both");
    expect(why.stdout).toContain("indel.vcf");
    await rename(path("indel.vcf"), path("elsewhere.vcf"));
    const { code, stderr, stdout } = await karyon(workspace, ...materialise);
    expect(code).toBe(1);
    expect(stderr + stdout).toContain("the genome file of bob/both is not there: indel.vcf");
    await rename(path("elsewhere.vcf"), path("indel.vcf"));
  });

  test("files that do not go together become no sample", async () => {
    await writeFile(path("other.vcf"), vcfOf({ records: [call("0/1")] }));
    const files = [path("snp.vcf"), path("other.vcf")];
    const refused = await karyon(workspace, "annotate", ...files, "-u", "carl", "--sample", "both");
    expect(refused.stderr).toContain(
      "the files have no sample in common: snp.vcf has SYNTHETIC, other.vcf has S",
    );
    const added = await karyon(workspace, "partitions", "add", "carl/both", "--vcf", ...files);
    expect(added).toMatchObject({ code: 1, stderr: expect.stringContaining("no sample in common") });
    expect(await keys()).not.toContain("carl/both");
  });
});

test("a file that may be cut off becomes a sample when a person says that it is whole", async () => {
  const blocks = await readFile(new URL("../fixtures/vcf/blocks.vcf.gz", import.meta.url));
  await writeFile(path("cut.vcf.gz"), blocks.subarray(0, -28));
  const annotate = ["annotate", path("cut.vcf.gz"), "-u", "emil"];
  const add = ["partitions", "add", "emil/added", "--vcf", path("cut.vcf.gz")];
  const words = "cut.vcf.gz may be cut off";
  expect(await karyon(workspace, ...annotate)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(words),
  });
  expect(await karyon(workspace, ...add)).toMatchObject({ code: 1, stdout: expect.stringContaining(words) });
  expect((await keys()).filter((key) => key.startsWith("emil"))).toEqual([]);

  expect(await karyon(workspace, ...add, "--whole")).toMatchObject({ code: 0 });
  const first = await karyonJson<AnnotateResult>(workspace, ...annotate, "--whole");
  expect(first.findings.map(({ kind }) => kind)).toContain("MAYBE_TRUNCATED");
  // It is asked once.
  expect(await karyonJson<AnnotateResult>(workspace, ...annotate)).toMatchObject({ unchanged: true });
});

test("the column that was chosen stays with its file, and goes with another", async () => {
  await writeFile(path("two.vcf"), vcfOf({ samples: ["A", "B"], records: [`${call("0/1")} 1/1`] }));
  await writeFile(path("one.vcf"), vcfOf({ samples: ["C"], records: [call("0/1")] }));
  const add = async (...words: readonly string[]): Promise<object> =>
    (await karyonJson<{ attributes: object }>(workspace, "partitions", "add", "fay/a", ...words)).attributes;
  expect(await add("--vcf", path("two.vcf"), "--vcf-sample", "B")).toMatchObject({ vcf_sample: "B" });
  const modules = ["--modules", "coronary"];
  expect(await add("--vcf", path("two.vcf"), ...modules)).toMatchObject({
    vcf_sample: "B",
    modules: ["coronary"],
  });
  expect(await add("--vcf", path("one.vcf"))).toEqual({ vcf: path("one.vcf"), modules: ["coronary"] });
});

test("a sample column that the file does not have makes no sample", async () => {
  const file = path("snp.vcf");
  const annotated = await karyon(workspace, "annotate", file, "-u", "dora", "--vcf-sample", "SYNTETIC");
  const added = await karyon(
    workspace,
    "partitions",
    "add",
    "dora/snp",
    "--vcf",
    file,
    "--vcf-sample",
    "nope",
  );
  expect(annotated).toMatchObject({
    code: 2,
    stderr: "karyon: snp.vcf has no sample SYNTETIC\n  Write SYNTHETIC if that is what you mean.\n",
  });
  expect(added).toMatchObject({ code: 2, stderr: expect.stringContaining("There are SYNTHETIC.") });
  expect(await keys()).not.toContain("dora/snp");
});

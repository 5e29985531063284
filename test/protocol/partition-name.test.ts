import { expect, test } from "vitest";

import { partitionKey, WHOLE } from "#protocol/ids.ts";
import { partitionName, withPartition } from "#protocol/partition-name.ts";

test.each([
  ["anna", "my_genome", "anna.my_genome"],
  ["anna", "HG002.hg38", "anna.HG002.hg38"],
  ["Zoë", "genome 2", "Zoë.genome 2"],
  ["j.doe", "x", "j%2Edoe.x"],
  ["j", "doe.x", "j.doe.x"],
  ["j%2Edoe", "x", "j%252Edoe.x"],
  ["an:na", "x?", "an%3Ana.x%3F"],
  [".a", ".x", "%2Ea.%2Ex"],
])("the partition %s/%s is called so, and no other is", (user, sample, name) => {
  expect(partitionName(partitionKey(user, sample))).toBe(name);
});

test("a file of a partition keeps its endings, and an index the name of its file", () => {
  const key = partitionKey("anna", "child");
  const files = ["report.html", "coronary.vcf.gz", "coronary.vcf.gz.tbi", "README", ".bashrc"];
  expect(files.map((file) => withPartition(file, key))).toEqual([
    "report.anna.child.html",
    "coronary.anna.child.vcf.gz",
    "coronary.anna.child.vcf.gz.tbi",
    "README.anna.child",
    ".bashrc.anna.child",
  ]);
  expect(withPartition("reference.parquet", WHOLE)).toBe("reference.parquet");
});

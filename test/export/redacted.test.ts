import { homedir } from "node:os";

import { expect, test } from "vitest";

import { partitionKey } from "#protocol/ids.ts";

import { withoutMachine } from "../../server/export/redacted.ts";

const ANNA = partitionKey("anna", "first_child");
const OTHERS = [partitionKey("bob", "second_child"), partitionKey("bob", "1")];
const clean = (text: string): string => withoutMachine({ text }, ["/home/anna/space"], OTHERS, ANNA).text;

test.each([
  ["cannot read /home/anna/space/genome.vcf", "cannot read …/genome.vcf"],
  [`in ${homedir()}/genomes`, "in …/genomes"],
  ["beside bob/second_child", "beside …"],
  ["second_child has it too", "… has it too"],
  // Words that only look like it stay.
  ["/home/anna/space-ship", "/home/anna/space-ship"],
  ["my_second_child", "my_second_child"],
  ["chromosome 1", "chromosome 1"],
  ["anna/first_child", "anna/first_child"],
])("%s becomes %s", (text, expected) => {
  expect(clean(text)).toBe(expected);
});

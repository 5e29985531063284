import { LineCounter, parseDocument, YAMLError } from "yaml";
import * as z from "zod";

import { schemaWords, yamlWords } from "../schema-words.ts";
import type { Problem } from "./problem.ts";
import { offsetOf } from "./yaml-offset.ts";

/** Names of annotation modules: a lower-case letter, then lower-case letters, digits and underscores. */
export const MODULE_NAME: RegExp = /^[a-z][a-z0-9_]*$/;

// Whole numbers are read as bigint, so that a float, which may have lost digits (1.10), is told from `1`.
const version = z
  .union([z.string(), z.bigint()], { error: "a version with a point must be quoted, such as '1.2.0'" })
  .transform((value) => widened(String(value)))
  .refine((value) => /^\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/.test(value), {
    message: "not a version such as 1.2.0",
  });

const schema = z.strictObject({
  schema_version: z.literal("1.0"),
  module: z.strictObject({
    name: z.string().regex(MODULE_NAME, "lower-case letters, digits and underscores, a letter first"),
    version: version.optional(),
    title: z.string().min(1),
    description: z.string().min(1),
    report_title: z.string().optional(),
    icon: z.string().optional(),
    icon_set: z.string().optional(),
    color: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, "not a colour such as #21ba45")
      .optional(),
  }),
  defaults: z
    .strictObject({ curator: z.string(), method: z.string(), priority: z.string() })
    .partial()
    .optional(),
  genome_build: z.literal("GRCh38"),
  license: z.string().optional(),
  authorship: z.array(z.object({ who: z.string(), role: z.string().optional() })).optional(),
  weighting: z.strictObject({ scale: z.string(), method: z.string(), note: z.string() }).partial().optional(),
});

/** `module_spec.yaml` with every default filled in. */
export interface ModuleSpec {
  readonly name: string;
  /** Semantic version; null: not stated. */
  readonly version: string | null;
  readonly title: string;
  readonly description: string;
  readonly report_title: string;
  readonly icon: string;
  readonly color: string;
  readonly curator: string;
  readonly method: string;
  readonly priority: string | null;
  readonly genome_build: "GRCh38";
  readonly license: string | null;
  /** Who made it, as `who (role); who (role)`; null: not stated. */
  readonly attribution: string | null;
  /** Scale, method and note of the weights in words; null: not stated. */
  readonly weighting: string | null;
}

/** Reads `module_spec.yaml`. Null when it cannot be used; the problems then say why. */
export function parseSpec(file: string, text: string, problems: Problem[]): ModuleSpec | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { intAsBigInt: true, lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${file}:${Math.max(1, lines.linePos(offset).line)}`;
  let value: unknown;
  try {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    value = document.toJS() ?? {};
  } catch (error) {
    const offset = error instanceof YAMLError ? error.pos[0] : 0;
    problems.push({
      severity: "error",
      at: at(offset),
      field: null,
      message: `not YAML: ${yamlWords(error)}`,
    });
    return null;
  }
  const result = schema.safeParse(value, { error: schemaWords });
  if (result.success) return filled(result.data);
  for (const issue of result.error.issues) {
    const { path, message } = issue;
    const place = issue.code === "unrecognized_keys" ? [...path, ...issue.keys.slice(0, 1)] : path;
    problems.push({
      severity: "error",
      at: at(offsetOf(document, place)),
      field: path.join(".") || null,
      message,
    });
  }
  return null;
}

function filled({ module, defaults, license, authorship, weighting }: z.infer<typeof schema>): ModuleSpec {
  return {
    name: module.name,
    version: module.version ?? null,
    title: module.title,
    description: module.description,
    report_title: module.report_title ?? module.title,
    icon: module.icon ?? "database",
    color: module.color ?? "#6435c9",
    curator: defaults?.curator ?? "ai-module-creator",
    method: defaults?.method ?? "literature-review",
    priority: defaults?.priority ?? null,
    genome_build: "GRCh38",
    license: license ?? null,
    attribution:
      authorship?.map(({ who, role }) => (role === undefined ? who : `${who} (${role})`)).join("; ") ?? null,
    weighting: weighting === undefined ? null : weightingText(weighting),
  };
}

function weightingText({
  scale,
  method,
  note,
}: {
  scale?: string | undefined;
  method?: string | undefined;
  note?: string | undefined;
}): string | null {
  const parts = [scale && `Scale: ${scale}.`, method && `Method: ${method}.`, note].filter(Boolean);
  return parts.length === 0 ? null : parts.join(" ");
}

/** `3` and `v3` are the versions 3.0.0. */
function widened(text: string): string {
  const whole = /^v?(\d+)$/.exec(text);
  return whole === null ? text : `${whole[1]}.0.0`;
}

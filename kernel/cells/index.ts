import { annotate } from "./annotate.ts";
import type { CellType } from "./cell-type.ts";
import { config } from "./config.ts";
import { diff } from "./diff.ts";
import { huggingFace } from "./hugging-face.ts";
import { join } from "./join.ts";
import { matrix } from "./matrix.ts";
import { moduleCell } from "./module.ts";
import { modules } from "./modules.ts";
import { normalise } from "./normalise.ts";
import { reference } from "./reference.ts";
import { report } from "./report.ts";
import { script } from "./script.ts";
import { source } from "./source.ts";
import { liveSql, sql } from "./sql.ts";
import { templateReport } from "./template-report.ts";
import { vcfExport } from "./vcf-export.ts";

/** Every cell type that the kernel carries out. The first that takes a fence has it. */
export const cellTypes: readonly CellType[] = [
  huggingFace,
  source,
  config,
  normalise,
  moduleCell,
  modules,
  annotate,
  reference,
  join,
  report,
  templateReport,
  script,
  vcfExport,
  diff,
  matrix,
  sql,
  liveSql,
];

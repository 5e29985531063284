import { annotateModules } from "./annotate-modules.ts";
import { backfill } from "./backfill.ts";
import { diff } from "./diff.ts";
import { downloadEnsembl, verifyEnsembl } from "./ensembl.ts";
import { lineage, why } from "./explain.ts";
import { hold, unhold } from "./hold.ts";
import { notebookExport } from "./export.ts";
import { asOf, history } from "./history.ts";
import { listModules } from "./list-modules.ts";
import {
  notebookCopy,
  notebookCreate,
  notebookList,
  notebookRemove,
  notebookRename,
  notebookTrust,
} from "./notebooks.ts";
import { partitionsAdd, partitionsList, partitionsRemove } from "./partitions.ts";
import { assetMaterialize, jobRun, runList, runShow } from "./runs.ts";
import { synth } from "./synth.ts";
import type { AnyVerb } from "./verb.ts";
import { reportVerify } from "./verify.ts";

/** Every verb, in the order of the help. */
export const verbs: readonly AnyVerb[] = [
  annotateModules,
  listModules,
  partitionsAdd,
  partitionsList,
  partitionsRemove,
  notebookList,
  notebookCreate,
  notebookRename,
  notebookCopy,
  notebookRemove,
  notebookTrust,
  notebookExport,
  reportVerify,
  assetMaterialize,
  jobRun,
  backfill,
  hold,
  unhold,
  why,
  lineage,
  diff,
  history,
  asOf,
  runList,
  runShow,
  downloadEnsembl,
  verifyEnsembl,
  synth,
];

import { annotateModules } from "./annotate-modules.ts";
import { backfill } from "./backfill.ts";
import { check } from "./check.ts";
import { diff } from "./diff.ts";
import { doctor } from "./doctor.ts";
import { downloadEnsembl, verifyEnsembl } from "./ensembl.ts";
import { eraseUser } from "./erase.ts";
import { gc } from "./gc.ts";
import { hold, unhold } from "./hold.ts";
import { notebookExport } from "./export.ts";
import { asOf, history } from "./history.ts";
import { kernelInterrupt, kernelKill, kernelList, kernelRestart } from "./kernel.ts";
import { keysList, keysReset, keysSet } from "./keys.ts";
import { lineage } from "./lineage.ts";
import { log } from "./log.ts";
import { ls, plan } from "./ls.ts";
import { listModules } from "./list-modules.ts";
import {
  notebookCopy,
  notebookCreate,
  notebookList,
  notebookRemove,
  notebookRename,
  notebookTrust,
} from "./notebooks.ts";
import { observe } from "./observe.ts";
import { partitionsAdd, partitionsList, partitionsRemove } from "./partitions.ts";
import { runCancel, runLog, runRetry } from "./run-control.ts";
import { assetMaterialize, jobRun, runList, runShow } from "./runs.ts";
import { synth } from "./synth.ts";
import { trace } from "./trace.ts";
import type { AnyVerb } from "./verb.ts";
import { update } from "./update.ts";
import { whatIfKeepFilters } from "./what-if-keep-filters.ts";
import { whatIfKeep } from "./what-if-keep.ts";
import { whatIf } from "./what-if.ts";
import { reportCheck } from "./report-check.ts";
import { reportVerify } from "./verify.ts";
import { why } from "./why.ts";

/** Every verb, in the order of the help. */
export const verbs: readonly AnyVerb[] = [
  annotateModules,
  listModules,
  partitionsAdd,
  partitionsList,
  partitionsRemove,
  eraseUser,
  notebookList,
  notebookCreate,
  notebookRename,
  notebookCopy,
  notebookRemove,
  notebookTrust,
  update,
  notebookExport,
  reportVerify,
  reportCheck,
  check,
  ls,
  plan,
  observe,
  assetMaterialize,
  jobRun,
  backfill,
  hold,
  unhold,
  why,
  lineage,
  trace,
  diff,
  history,
  whatIf,
  whatIfKeep,
  whatIfKeepFilters,
  asOf,
  runList,
  runShow,
  runLog,
  runCancel,
  runRetry,
  kernelList,
  kernelInterrupt,
  kernelRestart,
  kernelKill,
  log,
  gc,
  doctor,
  keysList,
  keysSet,
  keysReset,
  downloadEnsembl,
  verifyEnsembl,
  synth,
];

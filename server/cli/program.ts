import { existsSync } from "node:fs";

import { Command, CommanderError } from "commander";

import { errorInfo } from "#protocol/error.ts";
import type { ErrorInfo } from "#protocol/error.ts";

import { runVerb } from "../api.ts";
import { SOFTWARE, VERSION } from "../software.ts";
import type { VerbContext } from "../workspace-api.ts";
import { workspacePaths } from "../workspace-paths.ts";
import { openWorkspace } from "../open-workspace.ts";
import { ownNotebooks } from "../own-notebooks.ts";
import { dropAhead } from "../kernels/kernel-process.ts";
import { askServer } from "./ask-server.ts";
import { errorText } from "./format.ts";
import { verbs } from "./index.ts";
import { misuse } from "./misuse.ts";
import { reportProgress } from "./report-progress.ts";
import { portOf } from "./port-of.ts";
import { runningServer } from "./server-file.ts";
import type { AnyVerb, Verb } from "./verb.ts";
import { visible } from "./visible.ts";

const [FAILED, USAGE, INTERRUPTED] = [1, 2, 130];
/** Columns of a description below which lines are left to the terminal. */
const LEAST_HELP_WIDTH = 20;

// Whoever reads what is printed may stop reading, as `head` does: the command goes on to its end.
process.stderr.on("error", () => {});
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") return;
  process.exitCode = FAILED;
  process.stderr.write(`karyon: the result could not be printed: ${error.message}\n`);
});

const program = new Command("karyon")
  .description("A reactive notebook whose cells are data products, for one person's genome")
  .version(VERSION)
  .option("--workspace <dir>", "folder that holds the workspace (default: the current one)")
  .option("--json", "print one JSON object on standard output")
  .configureHelp({ showGlobalOptions: true, minWidthToWrap: LEAST_HELP_WIDTH })
  // What it refuses is told as any other error.
  .configureOutput({ outputError: () => {} });

const interrupted = new AbortController();
process.on("SIGINT", () => {
  // The first asks everything to stop and leave nothing half-written; the second does not wait for it.
  if (interrupted.signal.aborted) process.exit(INTERRUPTED);
  interrupted.abort();
});
// Asked to end, or the terminal was closed.
for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => interrupted.abort());

for (const verb of verbs) verb.declare(program, (parameters) => ask(verb, parameters));
program
  .command("start")
  .description("serve the workspace to the browser of this machine")
  .option("--port <n>", "the port and no other (default: the first free one from 4747 up)", portOf)
  .option("--no-open", "do not open the browser")
  .option("--no-demo", "do not make the demo genome in an empty workspace")
  .option("--dev", "serve the page from its sources, rebuilt as they change")
  .action(async (options) => {
    // With it comes all that serves: no other command needs it.
    const { start } = await import("./start.ts");
    await start({ ...options, workspace: program.opts()["workspace"] }, interrupted.signal);
  });

// Of the commands the names alone: with their arguments no width is left for what they do.
program.configureHelp({ ...program.configureHelp(), subcommandTerm: (command) => command.name() });
let refusing = program;
throwAs(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) fail(errorInfo(error), program.opts()["json"] === true);
  else if (error.exitCode !== 0) {
    const isJson = process.argv.includes("--json");
    const info = misuse(error, refusing);
    // Help is written already.
    if (error.code !== "commander.help") fail(info, isJson);
    else if (isJson) printError(info);
    process.exitCode = USAGE;
  }
}
if (interrupted.signal.aborted) process.exitCode = INTERRUPTED;

async function ask(verb: AnyVerb, parameters: unknown): Promise<void> {
  const line = reportProgress();
  const context: VerbContext = {
    signal: interrupted.signal,
    progress: (asset, progress) => line.show(asset, progress),
  };
  const { workspace: directory, json } = program.opts<{ workspace?: string; json?: boolean }>();
  const result = await perform(verb, parameters, directory, context).finally(() => line.clear());
  const known = verb as unknown as Verb;
  process.stdout.write(`${json === true ? JSON.stringify(result) : visible(known.print(result))}\n`);
  if (known.failed?.(result) === true) process.exitCode = FAILED;
}

/** A running server of the workspace does it; without one, this process does the same. */
async function perform(
  verb: AnyVerb,
  parameters: unknown,
  directory: string | undefined,
  context: VerbContext,
): Promise<unknown> {
  const paths = workspacePaths(directory);
  const known = verb as unknown as Verb<unknown>;
  if (known.runAlone !== undefined && !existsSync(paths.home)) {
    return known.runAlone(known.parameters.parse(parameters));
  }
  const isOwn = known.isForCommand?.(parameters) === true;
  const server = isOwn ? null : await runningServer(paths.home);
  if (server !== null) {
    dropAhead();
    return askServer(server, verb.name, parameters, context);
  }
  const own = verb.writesNotebooks === true ? await ownNotebooks(paths) : paths;
  const workspace = await openWorkspace(own, SOFTWARE);
  try {
    return await runVerb(verb, parameters, workspace, context);
  } finally {
    await workspace.close();
  }
}

/** Has a command, and all below it, throw what it refuses, and say that it was the one. */
function throwAs(command: Command): void {
  command.exitOverride((error) => {
    refusing = command;
    throw error;
  });
  command.commands.forEach(throwAs);
}

function printError(error: ErrorInfo): void {
  process.stdout.write(`${JSON.stringify({ error })}\n`);
}

function fail(info: ErrorInfo, isJson: boolean): void {
  if (isJson) printError(info);
  process.stderr.write(`karyon: ${visible(errorText(info))}\n`);
  if (info.code === "internal" && info.detail !== undefined)
    process.stderr.write(`${visible(info.detail)}\n`);
  process.exitCode = info.code === "usage" ? USAGE : FAILED;
}

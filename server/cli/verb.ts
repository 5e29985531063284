import type { Command } from "commander";
import type { z } from "zod";

import type { AssetKey } from "#protocol/ids.ts";
import type { Progress } from "#protocol/record.ts";

import type { Workspace } from "../workspace.ts";

/** What a verb may use while it works. */
export interface VerbScope {
  readonly workspace: Workspace;
  readonly signal: AbortSignal;
  /** `asset` is null for work that makes none. */
  readonly progress: (asset: AssetKey | null, progress: Progress) => void;
}

/**
 * One thing that can be asked of a workspace. The command line, the HTTP API and the palette ask in the same
 * words. A member of the shelf `server/cli/`.
 */
export interface Verb<Parameters = never, Result = unknown> {
  /** Its name in the API, such as `annotate-modules`. */
  readonly name: string;
  readonly parameters: z.ZodType<Parameters>;
  /**
   * Whether these parameters are for a command alone, which does it itself also beside a server: nothing that a page
   * asks for reaches the network.
   */
  isForCommand?(parameters: unknown): boolean;
  /** It changes notebooks, so the workspace must have its own. */
  readonly writesNotebooks?: boolean;
  /**
   * Declares the commands that ask for it. `ask` runs the verb; its result is what `--json` prints.
   */
  declare(program: Command, ask: (parameters: unknown) => Promise<void>): void;
  /** Does it. @throws {WorkspaceError} */
  run(parameters: Parameters, scope: VerbScope): Promise<Result>;
  /** Does it where there is no workspace, without making one. */
  runAlone?(parameters: Parameters): Promise<Result>;
  /** The result for people, as lines. */
  print(result: Result): string;
  /** Whether the result is a failure although it came: exit code 1. */
  failed?(result: Result): boolean;
}

/** A verb whose parameters only its own schema knows: what the shelf's list holds. */
export type AnyVerb = Verb<never, never>;

/** Gives a verb its type for the list. */
export function defineVerb<Parameters, Result>(verb: Verb<Parameters, Result>): AnyVerb {
  return verb as unknown as AnyVerb;
}

/** The commands of one first word, which several verbs share: whichever is declared first makes it. */
export function commandGroup(program: Command, name: string, description: string): Command {
  return (
    program.commands.find((command) => command.name() === name) ??
    program.command(name).description(description)
  );
}

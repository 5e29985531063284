import type { Command, CommanderError } from "commander";

import { nearHint } from "#graph/nearest.ts";
import type { ErrorInfo } from "#protocol/error.ts";

/**
 * What commander refuses, as any other error.
 *
 * @param command the one that refused
 */
export function misuse({ code, message }: CommanderError, command: Command): ErrorInfo {
  const see = `See ${fullName(command)} --help.`;
  if (code === "commander.help") return { code: "usage", message: "a command is missing", hint: see };
  // An option that is misspelt is why another one is missing, which commander looks for first.
  const unknown =
    code === "commander.missingMandatoryOptionValue"
      ? command.args.find((word) => word.startsWith("-"))
      : undefined;
  if (unknown !== undefined) {
    const known = command.options.flatMap(({ long }) => long ?? []);
    return { code: "usage", message: `unknown option: ${unknown}`, hint: nearHint(unknown, known, see) };
  }
  const [what = "", meant = ""] = message.replace(/^error: /, "").split("\n");
  return { code: "usage", message: what, hint: `${meant.replace(/^\((.*)\)$/, "$1 ")}${see}` };
}

function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

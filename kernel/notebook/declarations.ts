import type { Identifier, Program } from "acorn";

import { patternIdentifiers } from "./pattern-identifiers.ts";

/** What a program defines for the other cells: its top-level variables, functions and classes; imports stay inside. */
export function declarations(program: Program): Identifier[] {
  return program.body.flatMap((statement): Identifier[] => {
    if (statement.type === "VariableDeclaration") {
      return statement.declarations.flatMap(({ id }) => patternIdentifiers(id));
    }
    const declares = statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration";
    return declares ? [statement.id] : [];
  });
}

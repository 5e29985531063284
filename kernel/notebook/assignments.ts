import type { AnyNode, Identifier, Pattern } from "acorn";
import { simple } from "acorn-walk";

import { patternIdentifiers } from "./pattern-identifiers.ts";

/** The first of `foreign` (identifiers that the cell does not declare) that the cell assigns to; null when none is. */
export function foreignAssignment(root: AnyNode, foreign: ReadonlySet<Identifier>): Identifier | null {
  const assigned: Identifier[] = [];
  const look = (target: Pattern | AnyNode): void => {
    for (const identifier of patternIdentifiers(target as Pattern)) {
      if (foreign.has(identifier)) assigned.push(identifier);
    }
  };
  simple(root, {
    AssignmentExpression: (node) => look(node.left),
    UpdateExpression: (node) => {
      if (node.argument.type === "Identifier") look(node.argument);
    },
    ForInStatement: (node) => lookAtHead(node.left),
    ForOfStatement: (node) => lookAtHead(node.left),
  });
  return assigned.toSorted((a, b) => a.start - b.start)[0] ?? null;

  function lookAtHead(left: AnyNode): void {
    if (left.type !== "VariableDeclaration") look(left);
  }
}

import type { AnyNode, Identifier, Node, Pattern } from "acorn";
import { ancestor, fullAncestor } from "acorn-walk";

import { patternIdentifiers } from "./pattern-identifiers.ts";

/** Identifiers that nothing in `root` declares and that are not `given`, in the order of the text. */
export function references(root: AnyNode, given: ReadonlySet<string>): Identifier[] {
  const scopes = declaredNames(root);
  const found: Identifier[] = [];
  const look = (node: AnyNode, _: unknown, ancestors: AnyNode[]): void => {
    if (node.type !== "Identifier" || given.has(node.name)) return;
    // `arguments` belongs to the nearest function that is no arrow.
    if (node.name === "arguments" && ancestors.some((above) => isFunction(above) && !isArrow(above))) return;
    if (!ancestors.some((above) => scopes.get(above)?.has(node.name))) found.push(node);
  };
  ancestor(root, { Identifier: look, VariablePattern: look } as Parameters<typeof ancestor>[1]);
  return found.toSorted((a, b) => a.start - b.start);
}

/** Which names each scope of the tree declares. */
function declaredNames(root: AnyNode): Map<AnyNode, Set<string>> {
  const scopes = new Map<AnyNode, Set<string>>();
  const declare = (scope: AnyNode, ...identifiers: readonly Identifier[]): void => {
    const names = scopes.get(scope) ?? new Set();
    for (const { name } of identifiers) names.add(name);
    scopes.set(scope, names);
  };
  fullAncestor(root, (visited, _, ancestors) => {
    const node: AnyNode = visited;
    if (node.type === "VariableDeclaration") {
      const scope = node.kind === "var" ? functionAround(ancestors, root) : blockAround(ancestors, root);
      for (const { id } of node.declarations) declare(scope, ...patternIdentifiers(id));
    } else if (isFunction(node)) {
      declare(node, ...node.params.flatMap((parameter) => patternIdentifiers(parameter)));
      if (node.type === "FunctionExpression" && node.id) declare(node, node.id);
      if (node.type === "FunctionDeclaration" && node.id) declare(blockAround(ancestors, root), node.id);
    } else if (node.type === "ClassDeclaration" && node.id) {
      declare(blockAround(ancestors, root), node.id);
    } else if (node.type === "ClassExpression" && node.id) {
      declare(node, node.id);
    } else if (node.type === "CatchClause" && node.param) {
      declare(node, ...patternIdentifiers(node.param));
    } else if (node.type === "ImportDeclaration") {
      declare(root, ...node.specifiers.map(({ local }) => local));
    }
  });
  return scopes;
}

type AnyFunction = Extract<AnyNode, { params: Pattern[] }>;

function isFunction(node: AnyNode): node is AnyFunction {
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type);
}

function isArrow(node: AnyNode): boolean {
  return node.type === "ArrowFunctionExpression";
}

const BLOCK =
  /^(?:Program|BlockStatement|StaticBlock|ForStatement|ForInStatement|ForOfStatement|SwitchStatement)$/;

/** The innermost scope around the last of `ancestors`, which is the declaration itself. */
function blockAround(ancestors: readonly Node[], root: AnyNode): AnyNode {
  const around = ancestors as readonly AnyNode[];
  return around.slice(0, -1).findLast((node) => BLOCK.test(node.type) || isFunction(node)) ?? root;
}

/** The innermost scope of a `var` there. */
function functionAround(ancestors: readonly Node[], root: AnyNode): AnyNode {
  const around = ancestors as readonly AnyNode[];
  return (
    around.slice(0, -1).findLast((node) => isFunction(node) || /^(?:Program|StaticBlock)$/.test(node.type)) ??
    root
  );
}

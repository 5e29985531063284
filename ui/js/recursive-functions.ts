import type { Function as FunctionNode, Identifier, Node, Program } from "acorn";
import { simple } from "acorn-walk";

/**
 * The functions that may call themselves, also through one another: those with a name, a variable's or their own, that
 * is met again inside them. Two of one name count as one. Methods are not looked at.
 */
export function recursiveFunctions(program: Program): readonly FunctionNode[] {
  const named = new Map<string, FunctionNode[]>();
  const note = (name: Node | null | undefined, value: Node | null | undefined): void => {
    if (!isIdentifier(name) || !isFunction(value)) return;
    named.set(name.name, [...(named.get(name.name) ?? []), value]);
  };
  simple(program, {
    Function: (node) => note(node.id, node),
    VariableDeclarator: ({ id, init }) => note(id, init),
    AssignmentExpression: ({ left, right }) => note(left, right),
  });
  const mentioned = new Map([...named].map(([name, nodes]) => [name, namesIn(nodes, named)]));
  return [...named].flatMap(([name, nodes]) => (reaches(name, mentioned) ? nodes : []));
}

function isIdentifier(node: Node | null | undefined): node is Identifier {
  return node?.type === "Identifier";
}

function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === "FunctionDeclaration" ||
    node?.type === "FunctionExpression" ||
    node?.type === "ArrowFunctionExpression"
  );
}

function namesIn(nodes: readonly FunctionNode[], known: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodes) {
    simple(node, {
      Identifier: ({ name }) => {
        if (known.has(name)) names.add(name);
      },
    });
  }
  return names;
}

/** Whether a name leads back to itself. */
function reaches(name: string, mentioned: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const seen = new Set<string>();
  const ahead = [name];
  for (let one = ahead.pop(); one !== undefined; one = ahead.pop()) {
    for (const next of mentioned.get(one) ?? []) {
      if (next === name) return true;
      if (!seen.has(next)) ahead.push(next);
      seen.add(next);
    }
  }
  return false;
}

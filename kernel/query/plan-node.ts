/** A node of DuckDB's plan of a query, as JSON: what is read of it is there, or the plan is not told of. */
export type Node = Readonly<Record<string, unknown>>;

/** The plan has something in it of which it is not known what it does to columns. */
export class Opaque extends Error {
  override readonly name = "Opaque";
}

export function known<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Opaque(what);
  return value;
}

export function children(node: Node): Node[] {
  return list(node, "children").map(asNode);
}

export function two(node: Node): [Node, Node] {
  const [first, second] = children(node);
  return [known(first, "an operator over nothing"), known(second, "an operator over one")];
}

export function list(node: Node, name: string): readonly unknown[] {
  return asList(node[name] ?? []);
}

export function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Opaque("no list where one belongs");
}

export function number(node: Node, name: string): number {
  const value = node[name];
  if (typeof value === "number") return value;
  throw new Opaque(`no number ${name}`);
}

export function asNode(value: unknown): Node {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Node;
  throw new Opaque("no object where one belongs");
}

/** A node of a graph. */
export interface Wired {
  readonly key: string;
  readonly upstream: readonly string[];
}

/**
 * The nodes of a graph in an order in which each follows all it is made from, depth first from `starts`. A ring is
 * cut where it closes; what is not among the nodes is passed over. Without recursion: a chain may be of any length.
 */
export function inputsFirst<Node extends Wired>(
  nodes: readonly Node[],
  starts: readonly Node[] = nodes,
): Node[] {
  const byKey = new Map<string, Node>(nodes.map((node) => [node.key, node]));
  const order: Node[] = [];
  const seen = new Set<string>();
  const path: { readonly node: Node; next: number }[] = [];
  const enter = (node: Node): void => {
    if (seen.has(node.key)) return;
    seen.add(node.key);
    path.push({ node, next: 0 });
  };
  for (const start of [...starts, ...nodes]) {
    enter(start);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const name = at.node.upstream[at.next++];
      const above = name === undefined ? undefined : byKey.get(name);
      if (above !== undefined) enter(above);
      else if (name === undefined) {
        order.push(at.node);
        path.pop();
      }
    }
  }
  return order;
}

/** Steps of the longest way from the top of the graph to each node. */
export function depthsOf(nodes: readonly Wired[]): Map<string, number> {
  const depth = new Map<string, number>();
  for (const node of inputsFirst(nodes)) {
    let own = 0;
    for (const name of node.upstream) own = Math.max(own, (depth.get(name) ?? -1) + 1);
    depth.set(node.key, own);
  }
  return depth;
}

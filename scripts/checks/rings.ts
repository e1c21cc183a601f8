/** Each node with those that it leads to, never itself. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** The same graph seen from further away: a node becomes what `nameOf` calls it, and is left out without a name. */
export function regroup(graph: Graph, nameOf: (node: string) => string | undefined): Graph {
  const groups = new Map<string, Set<string>>();
  for (const [node, targets] of graph) {
    const from = nameOf(node);
    if (from === undefined) continue;
    const own = groups.get(from) ?? new Set();
    groups.set(from, own);
    for (const to of [...targets].map(nameOf)) if (to !== undefined && to !== from) own.add(to);
  }
  return groups;
}

/** Nodes that lead to each other, each such group once and sorted. */
export function findRings(graph: Graph): string[][] {
  const reached = new Map([...graph.keys()].map((node) => [node, reach(graph, node)]));
  const rings = new Map<string, string[]>();
  for (const [node, others] of reached) {
    if (!others.has(node)) continue;
    const ring = [...others].filter((other) => reached.get(other)?.has(node)).sort();
    rings.set(ring.join(' '), ring);
  }
  return [...rings.values()];
}

function reach(graph: Graph, start: string): Set<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const target of graph.get(node) ?? []) {
      if (seen.has(target)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return seen;
}

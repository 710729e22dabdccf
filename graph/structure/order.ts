import { parseNeed } from '../document/links.ts';
import type { Body } from '../document/types.ts';

/** Order of ids wherever a graph's behaviour depends on their order: by UTF-16 code unit, never by locale. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** For each node of the body: the nodes of the same body it needs, sorted, without duplicates or dangling links. */
export function sourcesOf(body: Pick<Body, 'nodes'>): Map<string, readonly string[]> {
  const sources = new Map<string, readonly string[]>();
  for (const id of Object.keys(body.nodes).sort(compareIds)) {
    const found = new Set<string>();
    for (const text of body.nodes[id]?.needs ?? []) {
      const need = parseNeed(text);
      if (need !== null && Object.hasOwn(body.nodes, need.source)) found.add(need.source);
    }
    sources.set(id, [...found].sort(compareIds));
  }
  return sources;
}

/**
 * Topological index of each node: 0 without sources in the body, else one more than its farthest source.
 * Nodes on a cycle, or behind one, have none.
 */
export function topologicalIndex(body: Pick<Body, 'nodes'>): Map<string, number> {
  const sources = sourcesOf(body);
  const waiting = new Map<string, number>();
  const targets = new Map<string, string[]>();
  const index = new Map<string, number>();
  let ready: string[] = [];
  for (const [id, from] of sources) {
    waiting.set(id, from.length);
    if (from.length === 0) ready.push(id);
    for (const source of from) targets.set(source, [...(targets.get(source) ?? []), id]);
  }
  for (let level = 0; ready.length > 0; level += 1) {
    const next: string[] = [];
    for (const id of ready) {
      index.set(id, level);
      for (const target of targets.get(id) ?? []) {
        const left = (waiting.get(target) ?? 0) - 1;
        waiting.set(target, left);
        if (left === 0) next.push(target);
      }
    }
    ready = next;
  }
  return index;
}

/**
 * Ids of a body by (topological index, id): the order in which ready nodes start. Every node comes after all nodes it
 * needs. In a graph with cycles (reported elsewhere), the nodes without an index come last, by id.
 */
export function topologicalOrder(body: Pick<Body, 'nodes'>): string[] {
  const index = topologicalIndex(body);
  const rank = (id: string): number => index.get(id) ?? Number.MAX_SAFE_INTEGER;
  return Object.keys(body.nodes).sort((a, b) => rank(a) - rank(b) || compareIds(a, b));
}

/** For each node of the body: every node of the same body that comes before it, at any distance. */
export function upstreamOf(body: Pick<Body, 'nodes'>): Map<string, ReadonlySet<string>> {
  const sources = sourcesOf(body);
  const upstream = new Map<string, Set<string>>();
  for (const id of topologicalOrder(body)) {
    const all = new Set<string>();
    for (const source of sources.get(id) ?? []) {
      all.add(source);
      for (const above of upstream.get(source) ?? []) all.add(above);
    }
    upstream.set(id, all);
  }
  return upstream;
}

/** Nodes that no other node of the body needs, in order of id: one of these can win a race. */
export function endNodes(body: Pick<Body, 'nodes'>): string[] {
  const needed = new Set<string>();
  for (const from of sourcesOf(body).values()) for (const source of from) needed.add(source);
  return Object.keys(body.nodes)
    .filter((id) => !needed.has(id))
    .sort(compareIds);
}

/** The cycles of a body, one per group of nodes that need each other, each as ids in link order. */
export function cyclesOf(body: Pick<Body, 'nodes'>): string[][] {
  const index = topologicalIndex(body);
  const sources = sourcesOf(body);
  const left = new Set([...sources.keys()].filter((id) => !index.has(id)));
  const cycles: string[][] = [];
  while (left.size > 0) {
    const trail: string[] = [];
    let id = [...left][0]!;
    while (!trail.includes(id)) {
      trail.push(id);
      const back = sources.get(id)?.find((source) => left.has(source));
      if (back === undefined) break;
      id = back;
    }
    const start = trail.indexOf(id);
    const closed = sources.get(trail.at(-1)!)?.includes(id) ?? false;
    if (closed) cycles.push(trail.slice(start).reverse());
    for (const seen of trail) left.delete(seen);
  }
  return cycles;
}

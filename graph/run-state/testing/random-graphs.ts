/** Random graphs for tests of the reducer. */
import fc from 'fast-check';
import type { Graph, GraphNode } from '../../document/types.ts';
import type { Json } from '../../json.ts';

/** Picks one of `n`; 0 when the choices are used up, so that shrinking leads to the simplest graph. */
export type Draw = (n: number) => number;

/** A source of choices that fast-check can shrink. */
export const draws = (most: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.nat(999), { maxLength: most, size: 'max' });

export function drawFrom(numbers: readonly number[]): Draw & { readonly isDone: () => boolean } {
  let at = 0;
  return Object.assign((n: number) => (numbers[at++] ?? 0) % n, { isDone: () => at >= numbers.length });
}

/** What a random graph may contain. */
export interface Kinds {
  /** Types for `uses`. */
  readonly uses: readonly string[];
  readonly undo?: boolean;
  readonly timeouts?: boolean;
  /** Parameters and outputs read upstream nodes as if these were never null. */
  readonly reads?: boolean;
}

const OFTEN = ['t.do', 'try', 't.do', 'forEach', 't.do', 'while', 't.do', 'race', 'set', 'if', 'wait', 't.do'];

export const ALL: Kinds = {
  uses: [...OFTEN, ...OFTEN, 'waitForEvent', 'approval', 'respond', 'fail', 'stop'],
  undo: true,
  timeouts: true,
};

/** The same with effects of a queue that takes only some. */
export const WITH_SCRIPTS: Kinds = { ...ALL, uses: [...ALL.uses, 't.script', 't.script', 't.script'] };

const read = (id: string): string => `\${{ nodes.${id}.v }}`;

const CONTAINERS = ['try', 'forEach', 'while', 'race'];
const PORTS: Readonly<Record<string, readonly string[]>> = {
  if: ['true', 'false'],
  approval: ['approved', 'rejected'],
  fail: [],
  stop: [],
};

/** A graph with acyclic links, valid ports and unique ids; whether its joins make sense is left to chance. */
export function randomGraph(draw: Draw, kinds: Kinds = ALL): Graph {
  let count = 0;

  /** For each node, the nodes that come before it, in its body and around it. */
  const upstream = new Map<string, readonly string[]>();

  function nodesOf(depth: number, most: number, around: readonly string[]): Record<string, GraphNode> {
    const nodes: Record<string, GraphNode> = {};
    for (let left = 1 + draw(most); left > 0; left--) {
      const id = `n${count++}`;
      nodes[id] = node(id, depth, nodes, around);
    }
    return nodes;
  }

  function node(
    id: string,
    depth: number,
    before: Readonly<Record<string, GraphNode>>,
    around: readonly string[],
  ): GraphNode {
    const uses = kinds.uses.filter((word) => depth > 0 || !CONTAINERS.includes(word));
    const type = uses[draw(uses.length)]!;
    const needs = Object.entries(before).flatMap(([id, source]) => (draw(3) === 1 ? link(id, source) : []));
    const above = needs.map((text) => text.split('.')[0]!).flatMap((source) => [source, ...upstream.get(source)!]);
    const seen = [...new Set([...above, ...around])];
    upstream.set(id, seen);
    const effect = type === 't.do' || type === 't.script';
    return {
      uses: type,
      ...(needs.length > 0 ? { needs, ...(draw(3) === 1 ? { join: 'all' as const } : {}) } : {}),
      ...(draw(8) === 1 ? { if: guard(needs) } : {}),
      ...(draw(5) === 1 && type !== 'stop' ? { onError: 'continue' as const } : {}),
      ...(effect && kinds.undo && draw(2) === 1 ? { compensate: { uses: 't.do' } } : {}),
      ...(timed(type) ? { timeout: `${1 + draw(90)}m` } : {}),
      ...bodies(type, depth, seen),
    };
  }

  const timed = (type: string): boolean =>
    (kinds.timeouts ?? false) &&
    draw(4) === 1 &&
    (CONTAINERS.includes(type) || type.startsWith('wait') || type === 'approval');

  /** A port of the source, or its failure; `fail` and `stop` have none. */
  function link(id: string, source: GraphNode): string[] {
    const ends = source.uses === 'race' ? winners(source) : (PORTS[source.uses] ?? ['out']);
    const ports = [...ends, ...(ends.length === 0 ? [] : ['error'])];
    if (source.timeout !== undefined) ports.push('timeout');
    return ports.length === 0 ? [] : [`${id}.${ports[draw(ports.length)]}`];
  }

  /** Reads a node that comes before it, because other nodes may not have ended. */
  const guard = (needs: readonly string[]): string =>
    needs.length > 0 ? `\${{ nodes.${needs[draw(needs.length)]!.split('.')[0]} != null }}` : '${{ false }}';

  function bodies(type: string, depth: number, seen: readonly string[]): Partial<GraphNode> {
    switch (type) {
      case 't.do':
      case 't.script':
        return {
          ...(draw(6) === 1 ? { retry: { maxAttempts: 3, delay: '15m', maxDelay: '1h' }, timeout: '3h' } : {}),
          ...(kinds.reads && seen.length > 0 ? { with: { x: read(seen[draw(seen.length)]!) } } : {}),
        };
      case 'set':
        return { with: { value: kinds.reads && seen[0] ? { v: read(seen[0]) } : 1 } };
      case 'if':
        return { with: { test: draw(2) === 1 } };
      case 'wait':
        return { with: { for: `${draw(60)}m` } };
      case 'waitForEvent':
        return { with: { event: `e${draw(2)}` } };
      case 'approval':
        return {
          with: { to: ['role:x'], title: 't' },
          ...(draw(2) === 1 ? { notify: { uses: 't.do', with: { url: '${{ resume.url }}' } } } : {}),
        };
      case 'fail':
        return { with: { code: 'made.up', message: 'no' } };
      case 'respond':
      case 'stop':
        return {};
      case 'forEach':
        return {
          ...inner(depth, seen),
          with: { items: [1, 2, 3].slice(draw(3)), concurrency: 1 + draw(3), ...onItemError() },
        };
      case 'while':
        return {
          nodes: nodesOf(depth - 1, 2, seen),
          output: '${{ state + 1 }}',
          with: { state: 0, test: `\${{ state < ${draw(4)} }}` },
        };
      case 'race':
        return { nodes: nodesOf(depth - 1, 3, seen) };
      default:
        return {
          ...inner(depth, seen),
          ...(draw(2) === 1
            ? { catch: draw(3) === 1 ? { ...inner(depth, seen), if: '${{ error.unknown }}' } : inner(depth, seen) }
            : {}),
          ...(draw(2) === 1 ? { finally: { nodes: nodesOf(depth - 1, 2, seen) } } : {}),
        };
    }
  }

  /** Shows how every node ended. */
  function outputOf(nodes: Readonly<Record<string, GraphNode>>): Json {
    const shown = (id: string): string => (kinds.reads ? read(id) : `\${{ nodes.${id} }}`);
    return Object.fromEntries(Object.keys(nodes).map((id) => [id, [shown(id), `\${{ errors.${id}?.code }}`]]));
  }

  const onItemError = (): { onItemError?: string } => (draw(2) === 1 ? { onItemError: 'continue' } : {});

  function inner(depth: number, seen: readonly string[]): { nodes: Record<string, GraphNode>; output: Json } {
    const nodes = nodesOf(depth - 1, 3, seen);
    return { nodes, output: outputOf(nodes) };
  }

  const nodes = nodesOf(2, 6, []);
  return {
    blok: 1,
    name: 'random',
    ...(kinds.timeouts && draw(5) === 1 ? { timeout: '2h' } : {}),
    nodes,
    output: outputOf(nodes),
  };
}

function winners({ nodes = {} }: GraphNode): string[] {
  const needed = new Set(Object.values(nodes).flatMap((node) => (node.needs ?? []).map((text) => text.split('.')[0])));
  return Object.keys(nodes).filter((id) => !needed.has(id) && !(nodes[id]!.uses in { fail: 1, stop: 1 }));
}

import type { PlanBody } from '../../plan/types.ts';

/** Links of a body reversed: the nodes that wait for each node, and how many links each node waits for. */
export interface BodyLinks {
  readonly out: readonly (readonly { readonly target: number; readonly port: string }[])[];
  readonly triggers: readonly { readonly target: number; readonly trigger: string }[];
  readonly count: readonly number[];
  /** End nodes: no other node of the body needs them. */
  readonly ends: readonly boolean[];
}

const cache = new WeakMap<PlanBody, BodyLinks>();

/** The links of a body; computed once per body. */
export function linksOf(body: PlanBody): BodyLinks {
  const known = cache.get(body);
  if (known) return known;
  const out: { target: number; port: string }[][] = body.nodes.map(() => []);
  const triggers: { target: number; trigger: string }[] = [];
  const count = body.nodes.map((node) => node.needs.length);
  body.nodes.forEach((node, target) => {
    for (const [source, port] of node.needs) {
      if (source === 'trigger') triggers.push({ target, trigger: port });
      else out[source]!.push({ target, port });
    }
  });
  const links = { out, triggers, count, ends: out.map((targets) => targets.length === 0) };
  cache.set(body, links);
  return links;
}

/** Nodes from which `end` can be reached, itself included. */
export function branchOf(body: PlanBody, end: number): Set<number> {
  const branch = new Set<number>([end]);
  const queue = [end];
  while (queue.length > 0) {
    for (const [source] of body.nodes[queue.pop()!]!.needs) {
      if (source !== 'trigger' && !branch.has(source)) {
        branch.add(source);
        queue.push(source);
      }
    }
  }
  return branch;
}

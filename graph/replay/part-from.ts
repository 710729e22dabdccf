import type { PlanBody } from '../plan/types.ts';
import { indexIn } from './paths.ts';

/** What a run of a part of a graph leaves out. */
export interface PartFrom {
  /** Steps whose outputs the part needs. */
  readonly needed: readonly string[];
  /** Steps that have nothing to do with the part. */
  readonly others: readonly string[];
}

/**
 * The part of a plan that begins with a step: the step, all that comes after it, and what these need. Undefined: the plan
 * has no such step.
 */
export function partFrom(body: PlanBody, from: string, key = ''): PartFrom | undefined {
  const pathOf = (id: string): string => (key === '' ? id : `${key}.${id}`);
  const id = /^[A-Za-z]\w*/.exec(from.slice(key === '' ? 0 : key.length + 1))?.[0];
  const target = body.nodes.findIndex((node) => node.id === id);
  if (target < 0) return undefined;
  const path = pathOf(id!);
  const inner = path === from ? { needed: [], others: [] } : inside(body, target, { path, from });
  if (!inner) return undefined;
  const kept = after(body, target);
  const wanted = before(body, kept);
  const ids = (wants: (index: number) => boolean): string[] =>
    body.nodes.flatMap(({ id: name }, index) => (wants(index) ? [pathOf(name)] : []));
  return {
    needed: [...ids((index) => wanted.has(index) && !kept.has(index)), ...inner.needed],
    others: [...ids((index) => !wanted.has(index)), ...inner.others],
  };
}

function inside(body: PlanBody, target: number, at: { path: string; from: string }): PartFrom | undefined {
  const node = body.nodes[target]!;
  const index = indexIn(at.path, at.from);
  const stages = [
    { key: `${at.path}.catch`, body: node.catch },
    { key: `${at.path}.finally`, body: node.finally },
    { key: index === undefined ? at.path : `${at.path}[${index}]`, body: node.body },
  ];
  const stage = stages.find(({ key }) => at.from.startsWith(`${key}.`));
  return stage?.body && partFrom(stage.body, at.from, stage.key);
}

/** A node and all that comes after it. */
function after(body: PlanBody, target: number): ReadonlySet<number> {
  const found = new Set([target]);
  for (const [index, { needs }] of body.nodes.entries())
    if (needs.some(([source]) => source !== 'trigger' && found.has(source))) found.add(index);
  return found;
}

/** These nodes and all that comes before them. */
function before(body: PlanBody, kept: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set(kept);
  for (let index = body.nodes.length - 1; index >= 0; index--) {
    if (!found.has(index)) continue;
    for (const [source] of body.nodes[index]!.needs) if (source !== 'trigger') found.add(source);
  }
  return found;
}

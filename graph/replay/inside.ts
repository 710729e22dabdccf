import type { PlanBody, PlanNode } from '../plan/types.ts';
import { indexIn } from './paths.ts';
import type { Recorded } from './recorded.ts';
import type { Finding, Walk } from './types.ts';

type WalkBody = (finding: Finding, body: PlanBody, key: string, walk: Walk) => boolean;

/**
 * Walks into a container.
 *
 * @param walk `from`: the step from which on everything runs again, inside this container
 * @returns whether all of it is taken over, or can be computed again from what is
 */
export function walkInside(finding: Finding, node: PlanNode, path: string, walkBody: WalkBody, walk: Walk): boolean {
  const body = node.body!;
  if (node.uses === 'try') return walkStages(finding, node, path, walkBody, walk);
  if (node.uses === 'forEach' || node.uses === 'while') return walkRounds(finding, node, path, walkBody, walk);
  // The branches of a race run against each other again, so only what leads to the step is taken over.
  const only = walk.from === undefined ? undefined : leadingTo(body, path, walk.from);
  return walkBody(finding, body, path, { ...walk, ...(only ? { only } : {}) });
}

/** Items do not depend on each other; a round depends on the rounds before it. */
function walkRounds(
  finding: Finding,
  { uses, body }: PlanNode,
  path: string,
  walkBody: WalkBody,
  { from, asItWas }: Walk,
): boolean {
  const target = from === undefined ? undefined : indexIn(path, from);
  finding.loops.push(path);
  let clean = true;
  for (const index of indexesOf(finding.recorded, path, target)) {
    const here = index === target && from !== undefined ? { from } : {};
    const whole = walkBody(finding, body!, `${path}[${index}]`, { ...here, ...(asItWas ? { asItWas } : {}) });
    clean &&= whole;
    if (uses === 'while' && !whole) break;
  }
  return clean;
}

/** The stage with the step runs again from there on. Those before it have ended as they did, failures included. */
function walkStages(
  finding: Finding,
  { body, catch: handler, finally: last }: PlanNode,
  path: string,
  walkBody: WalkBody,
  { from, asItWas }: Walk,
): boolean {
  const stages = [
    { key: path, body },
    { key: `${path}.catch`, body: handler },
    { key: `${path}.finally`, body: last },
  ];
  const at =
    from === undefined
      ? -1
      : Math.max(
          0,
          stages.findLastIndex(({ key }) => from.startsWith(`${key}.`)),
        );
  const caught = [...finding.recorded.at.keys()].some((known) => known.startsWith(`${path}.catch.`));
  let clean = true;
  for (const [index, stage] of stages.entries()) {
    if (!stage.body || (at >= 0 && index > at)) continue;
    const isOver = asItWas || index < at || (index === 0 && at < 0 && caught);
    const here = index === at && from !== undefined ? { from } : {};
    const whole = walkBody(finding, stage.body, stage.key, { ...here, ...(isOver ? { asItWas: true } : {}) });
    clean &&= whole;
    if (!whole && index !== at) break;
  }
  return clean;
}

function indexesOf({ at }: Recorded, path: string, target: number | undefined): number[] {
  const found = new Set<number>(target === undefined ? [] : [target]);
  for (const known of at.keys()) {
    const index = indexIn(path, known);
    if (index !== undefined) found.add(index);
  }
  return [...found].sort((a, b) => a - b);
}

/** The nodes of a body that come before a step, and the node of the step. */
function leadingTo(body: PlanBody, key: string, step: string): ReadonlySet<number> {
  const wanted = new Set<number>();
  const add = (index: number): void => {
    if (wanted.has(index)) return;
    wanted.add(index);
    for (const [source] of body.nodes[index]!.needs) if (source !== 'trigger') add(source);
  };
  const id = /^\w+/.exec(step.slice(key.length + 1))?.[0];
  const target = body.nodes.findIndex((node) => node.id === id);
  if (target >= 0) add(target);
  return wanted;
}

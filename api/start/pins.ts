import type { Graph } from '../../graph/index.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Plan, PlanBody } from '../../graph/plan/types.ts';
import { nodeAtPath, partFrom, upTo } from '../../graph/replay/index.ts';
import type { TakenStep, TakenSteps } from '../../graph/run-state/index.ts';
import { ApiProblem } from '../http/problem.ts';

/** Which part of a graph runs, and what stands for the rest. */
export interface Part {
  /** Outputs of steps that are not executed: by step path, or by id of the node for all of its steps. */
  readonly pins?: JsonObject | undefined;
  /** Path of the step from which on the graph runs. All that it needs must be pinned. */
  readonly from?: string | undefined;
}

/**
 * The steps that a run of a part of a graph takes over; null: none.
 *
 * @throws ApiProblem `step.unknown`, `outputs.missing`
 */
export function pinned(plan: Plan, { pins = {}, from }: Part): TakenSteps | null {
  const steps: Record<string, TakenStep> = {};
  const nodes: Record<string, TakenStep> = {};
  for (const [name, output] of Object.entries(pins)) {
    const taken = { status: 'succeeded', output } as const;
    if (nodeAtPath(plan.body, name)) steps[name] = taken;
    else if (idsIn(plan.body).has(name)) nodes[name] = taken;
    else throw unknown(name);
  }
  const skipped = from === undefined ? {} : withoutOthers(plan, from, pins);
  const all = { ...skipped, ...steps };
  if (Object.keys(all).length + Object.keys(nodes).length === 0) return null;
  return { steps: all, ...(Object.keys(nodes).length > 0 ? { nodes } : {}) };
}

/** Steps that have nothing to do with the part are skipped; those that it needs must be pinned. */
function withoutOthers(plan: Plan, from: string, pins: JsonObject): Record<string, TakenStep> {
  const part = partFrom(plan.body, from);
  if (!part) throw unknown(from);
  const missing = part.needed.filter((step) => !Object.hasOwn(pins, step));
  if (missing.length > 0)
    throw new ApiProblem('outputs.missing', `To begin at "${from}", pin the outputs of ${missing.join(', ')}.`);
  return Object.fromEntries(part.others.map((step) => [step, { status: 'skipped' }]));
}

/**
 * The part of a graph that leads to a node.
 *
 * @throws ApiProblem `step.unknown`, `request.invalid`
 */
export function cutAt(graph: Graph, until: string): Json {
  const cut = upTo(graph, until);
  if (cut === undefined) throw unknown(until);
  if (cut === null)
    throw new ApiProblem(
      'request.invalid',
      `body/until: "${until}" is inside a while, whose test may need what comes after it. Name the while.`,
    );
  return cut as unknown as Json;
}

function idsIn(body: PlanBody, found = new Set<string>()): Set<string> {
  for (const { id, body: inner, catch: handler, finally: last } of body.nodes) {
    found.add(id);
    for (const each of [inner, handler, last]) if (each) idsIn(each, found);
  }
  return found;
}

const unknown = (name: string): ApiProblem =>
  new ApiProblem('step.unknown', `The graph has no node or step "${name}".`);

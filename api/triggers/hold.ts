import { DataError, type HeldAnswer, heldUnder, holdFiring, type TriggerRow } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import { heldOf, holds, type TriggerInfo } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Loaded } from '../start/request.ts';

/** Something that reached a trigger. */
export interface HoldableFiring {
  readonly row: Pick<TriggerRow, 'workflow' | 'id' | 'uses'>;
  readonly key?: string | undefined;
  readonly depth?: number | undefined;
}

/**
 * Holds a firing, if its graph says so; a later run begins for it. Resolves when the firing is on disk.
 *
 * @returns null if the run is to start now
 * @throws StartError as `heldOf`; ApiProblem `run.tooMany`
 */
export async function hold(
  ctx: Context,
  { row, key, depth }: HoldableFiring,
  { graph, version, vars }: Loaded,
  { trigger, input }: { trigger: TriggerInfo; input: Json },
): Promise<HeldAnswer | null> {
  const { workflow, id, uses } = row;
  const eventKey = key ?? null;
  // The first version of a workflow follows none that may have held the event.
  const isFirst = version === null || version === 1;
  if (!holds(graph, uses)) {
    if (isFirst || eventKey === null) return null;
    return ctx.tenant((tx) => heldUnder(tx, { workflow, trigger: id, eventKey }));
  }
  const held = heldOf(graph, trigger, { input, vars });
  const request = { ...held, workflow, trigger: id, uses, version: version ?? 0, eventKey, depth };
  const answer = await ctx
    .tenant((tx) => holdFiring(tx, request))
    .catch((error) => {
      throw error instanceof DataError && error.code === 'held.tooMany'
        ? new ApiProblem('run.tooMany', error.message)
        : error;
    });
  if (answer.isFull) ctx.heldAlarm.ring();
  return answer;
}

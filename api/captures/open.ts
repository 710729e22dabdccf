import { captured, openCapture } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { findTrigger, type TriggerName } from '../triggers/find.ts';
import { addressOf } from '../triggers/present.ts';
import { presentCapture } from './present.ts';

/** How long calls are held. */
const MINUTES = 10;

/**
 * Holds the next calls of a webhook, also of one that is switched off. An earlier capture ends.
 *
 * @throws ApiProblem `trigger.notFound`, `trigger.unsuited`
 */
export async function open(ctx: Context, { next, instead, ...name }: TriggerName & { next: number; instead: boolean }) {
  const row = await findTrigger(ctx, name);
  if (row.uses !== 'webhook')
    throw new ApiProblem('trigger.unsuited', `"${name.id}" is a ${row.uses}; only calls of a webhook can be captured.`);
  const of = { workflow: name.workflow, trigger: name.id };
  const rows = await ctx.tenant(async (tx) => {
    await openCapture(tx, { ...of, next, minutes: MINUTES, terms: { instead } });
    return captured(tx, of);
  });
  return presentCapture(rows, await addressOf(ctx, row));
}

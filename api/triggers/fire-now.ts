import type { Json } from '../../graph/json.ts';
import { fieldsOf } from '../../graph/start/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { findTrigger, type TriggerName } from './find.ts';
import { fire } from './fire.ts';

/**
 * Fires a trigger by hand, with data as if its source had sent it. It fires also while it is switched off. The same key
 * starts one run.
 *
 * @throws ApiProblem `trigger.notFound`, `trigger.declined`; StartError
 */
export async function fireNow(ctx: Context, { data, key, ...name }: TriggerName & { data?: Json; key?: string }) {
  const row = await findTrigger(ctx, name);
  const input = data === undefined ? {} : data;
  const fields = fieldsOf(row.uses, { at: new Date().toISOString(), input });
  const fired = await fire(ctx, { row, fields, input, ...(key === undefined ? {} : { key }) });
  if (fired.outcome === 'declined')
    throw new ApiProblem(
      'trigger.declined',
      `The "if" of trigger "${name.id}" is false for this data, so no run was started.`,
    );
  if (fired.outcome === 'refused') throw fired.error;
  if (fired.outcome === 'held') {
    const { group, dueAt, runId, isNew } = fired.held;
    const outcome = isNew ? ('held' as const) : ('duplicate' as const);
    return { outcome, run: runId === null ? null : runOf(ctx, runId), held: { group, dueAt } };
  }
  const { runId, open } = fired.started;
  await open();
  return { outcome: fired.outcome, run: runOf(ctx, runId) };
}

const runOf = (ctx: Context, id: string) => ({ id, url: `${ctx.publicUrl}/api/runs/${id}` });

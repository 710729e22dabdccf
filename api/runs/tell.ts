import { randomUUID } from 'node:crypto';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ended } from './get.ts';
import { summaryOf } from './load.ts';

/** Gives an event to one run; its waits take it whatever their key. @throws ApiProblem `run.ended` */
export async function tellRun(
  ctx: Context,
  input: { id: string; event: string; data?: Json; eventId?: string },
): Promise<{ id: string }> {
  const run = await summaryOf(ctx, input.id);
  if (run.endedAt !== null) throw ended(run.id);
  const id = input.eventId ?? randomUUID();
  await ctx.runs.tell(run.workflowId, {
    id,
    name: input.event,
    key: null,
    data: input.data ?? null,
    at: new Date().toISOString(),
  });
  return { id };
}

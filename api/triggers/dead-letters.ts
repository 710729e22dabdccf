import { deadLetters, forgetDeadLetters } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { findTrigger, type TriggerName } from './find.ts';

const USUAL_LIMIT = 100;

/** What a watch has found and nobody can read, the newest first. @throws ApiProblem `trigger.notFound` */
export async function listDeadLetters(
  ctx: Context,
  { limit = USUAL_LIMIT, cursor, ...name }: TriggerName & { limit?: number | undefined; cursor?: number | undefined },
) {
  await findTrigger(ctx, name);
  const of = { workflow: name.workflow, trigger: name.id };
  const rows = await ctx.tenant((tx) => deadLetters(tx, { ...of, before: cursor, limit }));
  return {
    items: rows.map(({ key, place, reason, at }) => ({ key, where: place, reason, at })),
    next: rows.length === limit ? String(rows.at(-1)!.seq) : null,
  };
}

/** Empties that list. @throws ApiProblem `trigger.notFound` */
export async function emptyDeadLetters(ctx: Context, name: TriggerName) {
  await findTrigger(ctx, name);
  return { forgotten: await ctx.tenant((tx) => forgetDeadLetters(tx, { workflow: name.workflow, trigger: name.id })) };
}

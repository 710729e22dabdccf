import { z } from 'zod';
import { deadLetters, forgetDeadLetters } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { findTrigger, type TriggerName } from './find.ts';

const USUAL_LIMIT = 100;
/** Where a page ends. */
const PLACE = z.int().min(1);

/** What a watch has found and nobody can read, the newest first. @throws ApiProblem `trigger.notFound`, `request.invalid` */
export async function listDeadLetters(
  ctx: Context,
  { limit = USUAL_LIMIT, cursor, ...name }: TriggerName & { limit?: number | undefined; cursor?: string | undefined },
) {
  await findTrigger(ctx, name);
  const before = cursor === undefined ? undefined : readCursor(cursor, PLACE);
  const of = { workflow: name.workflow, trigger: name.id };
  const rows = await ctx.tenant((tx) => deadLetters(tx, { ...of, before, limit: limit + 1 }));
  return pageOf(rows, {
    limit,
    placeOf: ({ seq }) => seq,
    present: ({ key, place, reason, at }) => ({ key, where: place, reason, at }),
  });
}

/** Empties that list. @throws ApiProblem `trigger.notFound` */
export async function emptyDeadLetters(ctx: Context, name: TriggerName) {
  await findTrigger(ctx, name);
  return { forgotten: await ctx.tenant((tx) => forgetDeadLetters(tx, { workflow: name.workflow, trigger: name.id })) };
}

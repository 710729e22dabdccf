import { deleteConnection, renewTriggers } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { noConnection } from './get.ts';

/** Deletes a connection. @throws ApiProblem `connection.notFound` */
export async function remove(ctx: Context, input: { name: string }): Promise<{ deleted: true }> {
  const deleted = await ctx.tenant(async (tx) => {
    await renewTriggers(tx);
    return deleteConnection(tx, input);
  });
  if (!deleted) throw noConnection(input.name);
  ctx.triggerAlarm.ring();
  return { deleted: true };
}

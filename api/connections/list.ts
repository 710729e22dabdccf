import { listConnections } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { present } from './present.ts';

/** Connections by name, without their data. */
export async function list(ctx: Context) {
  return { items: (await ctx.tenant(listConnections)).map(present) };
}

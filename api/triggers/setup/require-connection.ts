import { listConnections } from '../../../db/index.ts';
import type { Context } from '../../context.ts';
import { Refused } from './types.ts';

/**
 * Checks that a trigger's connection is there, if the trigger names one.
 *
 * @param until what happens until it is
 * @throws Refused
 */
export async function requireConnection(ctx: Context, name: string | undefined, until: string): Promise<void> {
  if (name === undefined) return;
  const known = await ctx.tenant((tx) => listConnections(tx));
  if (known.some((connection) => connection.name === name)) return;
  throw new Refused(`The connection "${name}" is missing. ${until} PUT /api/connections/${name} stores it.`);
}

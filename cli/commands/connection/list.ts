import type { CliContext } from '../../context.ts';
import { EXIT } from '../../errors.ts';
import { table } from '../../print/table.ts';

/** Lists connections, without their fields: whether they work, and what must be done if not. */
export async function listConnections(ctx: CliContext, args: { readonly json: boolean }): Promise<number> {
  const { items } = await ctx.client.connections();
  if (args.json) ctx.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) ctx.err('No connections.');
  else {
    const rows = items.map(({ name, type, state, hosts, rateLimit, account, lastUsedAt, updatedAt }) => [
      name,
      type,
      state ?? '',
      (hosts ?? []).join(', '),
      rateLimit ? `${rateLimit.limit}/${rateLimit.per}` : '',
      account ?? '',
      lastUsedAt ?? '',
      updatedAt ?? '',
    ]);
    for (const line of table(['name', 'type', 'state', 'hosts', 'rate', 'account', 'last used', 'updated'], rows))
      ctx.out(line);
    for (const { name, action } of items) if (action) ctx.err(`${name}: ${action}`);
  }
  return EXIT.ok;
}

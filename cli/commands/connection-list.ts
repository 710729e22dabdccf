import type { CliContext } from '../context.ts';
import { EXIT } from '../errors.ts';
import { table } from '../print/table.ts';

/** Lists connections, without their fields. */
export async function listConnections(ctx: CliContext, args: { readonly json: boolean }): Promise<number> {
  const { items } = await ctx.client.connections();
  if (args.json) ctx.out(JSON.stringify(items, null, 2));
  else if (items.length === 0) ctx.err('No connections.');
  else {
    const rows = items.map(({ name, type, hosts, rateLimit, updatedAt }) => [
      name,
      type,
      (hosts ?? []).join(', '),
      rateLimit ? `${rateLimit.limit}/${rateLimit.per}` : '',
      updatedAt ?? '',
    ]);
    for (const line of table(['name', 'type', 'hosts', 'rate', 'updated'], rows)) ctx.out(line);
  }
  return EXIT.ok;
}

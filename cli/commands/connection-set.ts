import type { CliContext } from '../context.ts';
import { EXIT } from '../errors.ts';
import { readValue } from '../values.ts';

export interface SetConnectionArgs {
  readonly name: string;
  readonly type: string;
  readonly data: string;
  readonly host: readonly string[];
  readonly json: boolean;
}

/** Stores a connection. Its fields are encrypted by the server; nothing prints them again. */
export async function setConnection(ctx: CliContext, args: SetConnectionArgs): Promise<number> {
  const saved = await ctx.client.setConnection(args.name, {
    type: args.type,
    data: await readValue(ctx, '--data', args.data),
    ...(args.host.length > 0 && { hosts: [...args.host] }),
  });
  if (args.json) ctx.out(JSON.stringify(saved, null, 2));
  else ctx.out(`✔ ${saved.name} (${saved.type})`);
  return EXIT.ok;
}

import type { CliContext } from '../../context.ts';
import { badInput, EXIT } from '../../errors.ts';
import { readFields } from '../../values.ts';
import type { Connection } from '../../wire.ts';

export interface SetConnectionArgs {
  readonly name: string;
  readonly type: string;
  readonly data: string;
  readonly host: readonly string[];
  readonly rateLimit?: string;
  readonly json: boolean;
}

/** Stores a connection. Its fields are encrypted by the server; nothing prints them again. */
export async function setConnection(ctx: CliContext, args: SetConnectionArgs): Promise<number> {
  const saved = await ctx.client.setConnection(args.name, {
    type: args.type,
    data: await readFields(ctx, '--data', args.data),
    ...(args.host.length > 0 && { hosts: [...args.host] }),
    ...(args.rateLimit !== undefined && { rateLimit: readRateLimit(args.rateLimit) }),
  });
  if (args.json) ctx.out(JSON.stringify(saved, null, 2));
  else ctx.out(`✔ ${saved.name} (${saved.type})`);
  return EXIT.ok;
}

/** `50/1s`, or `50/1s+10` with a burst. The server checks the numbers. */
function readRateLimit(text: string): NonNullable<Connection['rateLimit']> {
  const [, limit, per, burst] = /^(\d{1,9})\/([0-9a-z]+)(?:\+(\d{1,9}))?$/.exec(text.trim()) ?? [];
  if (limit === undefined || per === undefined)
    throw badInput(
      `--rate-limit ${text} is no rate limit.`,
      'Write how many calls are allowed in how much time: 50/1s.',
    );
  return { limit: Number(limit), per, ...(burst === undefined ? {} : { burst: Number(burst) }) };
}

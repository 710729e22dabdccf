import type { CliContext } from '../../context.ts';
import { CliError, EXIT } from '../../errors.ts';
import type { Connection, ConnectionVisit } from '../../wire.ts';

/** How often it is asked whether somebody has connected the connection. */
const PAUSE_MS = 1_500;

export interface ConnectArgs {
  readonly name: string;
  /** Wait until somebody has connected it. */
  readonly wait: boolean;
  readonly json: boolean;
}

/** Connects a connection: prints the address to open, and waits until it was let in there. */
export async function connect(ctx: CliContext, args: ConnectArgs): Promise<number> {
  const before = await ctx.client.connection(args.name);
  return visit(ctx, args, before, await ctx.client.connect(args.name));
}

/** Gives a connection access again: by itself if that can be. */
export async function reconnect(ctx: CliContext, args: ConnectArgs): Promise<number> {
  const before = await ctx.client.connection(args.name);
  const answer = await ctx.client.reconnect(args.name);
  if (!answer.connected) return visit(ctx, args, before, answer);
  return done(ctx, args, answer.connection);
}

async function visit(
  ctx: CliContext,
  args: ConnectArgs,
  before: Connection,
  { url, expiresAt, redirectUri }: ConnectionVisit,
): Promise<number> {
  if (args.json && !args.wait) {
    ctx.out(JSON.stringify({ url, expiresAt, redirectUri }, null, 2));
    return EXIT.ok;
  }
  ctx.err(
    `Open this address in your browser, and let the connection in. The service must know ${redirectUri} as an address it may send you back to.`,
  );
  if (args.json) ctx.err(url);
  else ctx.out(url);
  if (!args.wait) return EXIT.ok;
  while (ctx.now() < Date.parse(expiresAt)) {
    await ctx.sleep(PAUSE_MS);
    if (ctx.interrupted.aborted) return EXIT.interrupted;
    const now = await ctx.client.connection(args.name);
    if (now.state === 'ok' && now.connectedAt !== before.connectedAt) return done(ctx, args, now);
  }
  throw new CliError(EXIT.failed, 'connection.expired', `Nobody has let "${args.name}" in within ten minutes.`, {
    hint: 'Run the command again for another address.',
  });
}

function done(ctx: CliContext, { json }: ConnectArgs, connection: Connection): number {
  const { name, account } = connection;
  if (json) ctx.out(JSON.stringify(connection, null, 2));
  else ctx.out(`✔ ${name} is connected${account ? ` as ${account}` : ''}`);
  return EXIT.ok;
}

import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';

/** How long Postgres may take to answer. */
const PATIENCE_MS = 2_000;

/** What this process needs, and whether each part is available. */
export async function ready(ctx: Context): Promise<Reply> {
  const [{ temporal, worker }, postgres] = await Promise.all([ctx.runs.health(), answers(ctx.database.ping())]);
  const ok = (up: boolean) => (up ? 'ok' : 'down');
  return {
    status: temporal && postgres ? 200 : 503,
    body: {
      status: temporal && postgres ? 'ready' : 'not ready',
      temporal: ok(temporal),
      postgres: ok(postgres),
      worker: worker ? 'ok' : 'unknown',
      ...(ctx.isRedisUp && { redis: ok(ctx.isRedisUp()) }),
    },
  };
}

async function answers(ping: Promise<void>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, PATIENCE_MS, false);
  try {
    return await Promise.race([
      ping.then(
        () => true,
        () => false,
      ),
      late,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

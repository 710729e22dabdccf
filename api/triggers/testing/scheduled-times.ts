import { sql } from 'drizzle-orm';
import type { Context } from '../../context.ts';

/** The times for which a schedule has started runs of a workflow, in milliseconds, ascending, one for each run. */
export async function scheduledTimes({ tenant }: Pick<Context, 'tenant'>, workflow: string): Promise<number[]> {
  const { rows } = await tenant((tx) =>
    tx.db.execute<{ at: string }>(
      sql`select run_payload.trigger::json->>'scheduledAt' as at from run_payload join run on run.id = run_id
        and run.workspace_id = run_payload.workspace_id where workflow = ${workflow}`,
    ),
  );
  return rows.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
}

/** The same in seconds. */
export const scheduledSeconds = async (ctx: Pick<Context, 'tenant'>, workflow: string): Promise<number[]> =>
  (await scheduledTimes(ctx, workflow)).map((at) => at / 1_000);

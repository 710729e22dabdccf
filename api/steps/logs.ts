import { z } from 'zod';
import { type LogLine, logPage } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { name, storedMoment } from '../http/fields.ts';
import { summaryOf } from '../runs/load.ts';

/** Where a page ends. */
const PLACE = z.strictObject({
  at: storedMoment(),
  step: name(1_000),
  attempt: z.int32(),
  seq: z.int32(),
});

/**
 * A page of what the steps of a run have logged, in the order of time. The lines of an attempt are there once it has ended.
 *
 * @throws ApiProblem `run.notFound`; `request.invalid` for an invalid cursor
 */
export async function listLog(
  ctx: Context,
  { id, step, limit = 200, cursor }: { id: string; step?: string; limit?: number; cursor?: string },
): Promise<{ items: LogLine[]; next: string | null }> {
  const after = cursor === undefined ? undefined : readCursor(cursor, PLACE);
  const { id: runId } = await summaryOf(ctx, id);
  const lines = await ctx.tenant((tx) => logPage(tx, { runId, step, after, limit: limit + 1 }));
  return pageOf(lines, {
    limit,
    placeOf: ({ at, step: path, attempt, seq }) => ({ at, step: path, attempt, seq }),
    present: (line) => line,
  });
}

import { type CallRow, listCalls as listStored } from '../../db/index.ts';
import { formatMoney } from '../../graph/money.ts';
import type { Context } from '../context.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f-]{36})$/;

/** A page of single calls, the newest first. @throws ApiProblem `request.invalid` for a cursor that is none */
export async function listCalls(
  ctx: Context,
  { run, limit = 100, cursor }: { run?: string | undefined; limit?: number | undefined; cursor?: string | undefined },
) {
  const before = cursor === undefined ? undefined : placeOf(cursor);
  const rows = await ctx.tenant((tx) => listStored(tx, { runId: run, limit: limit + 1, before }));
  const last = rows.length > limit ? rows[limit - 1]! : null;
  return { items: rows.slice(0, limit).map(present), next: last && writeCursor(`${last.madeAt} ${last.id}`) };
}

function placeOf(cursor: string): { madeAt: string; id: string } {
  const [, madeAt = '', id = ''] = CURSOR.exec(readCursor(cursor, CURSOR)) ?? [];
  return { madeAt, id };
}

function present({ runId, estimate, cost, ...row }: CallRow) {
  const { input, cacheRead, cacheWrite, output, reasoning, seconds, images, ...rest } = row;
  return {
    ...rest,
    run: runId,
    usage: { input, cacheRead, cacheWrite, output, reasoning, seconds, images },
    estimate: estimate === null ? null : formatMoney(estimate),
    cost: cost === null ? null : formatMoney(cost),
  };
}

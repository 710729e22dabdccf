import { z } from 'zod';
import { type CallRow, listCalls as listStored } from '../../db/index.ts';
import { formatMoney } from '../../graph/money.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { storedMoment } from '../http/fields.ts';

/** Where a page ends. */
const PLACE = z.strictObject({ madeAt: storedMoment(), id: z.uuid() });

/** A page of single calls, the newest first. @throws ApiProblem `request.invalid` for a cursor that is none */
export async function listCalls(
  ctx: Context,
  { run, limit = 100, cursor }: { run?: string | undefined; limit?: number | undefined; cursor?: string | undefined },
) {
  const before = cursor === undefined ? undefined : readCursor(cursor, PLACE);
  const rows = await ctx.tenant((tx) => listStored(tx, { runId: run, limit: limit + 1, before }));
  return pageOf(rows, { limit, placeOf: ({ madeAt, id }) => ({ madeAt, id }), present });
}

function present({ runId, estimate, cost, ...row }: CallRow) {
  const { input, cacheRead, cacheWrite, output, reasoning, seconds, images, estimated, ...rest } = row;
  return {
    ...rest,
    run: runId,
    usage: { input, cacheRead, cacheWrite, output, reasoning, seconds, images, estimated },
    estimate: estimate === null ? null : formatMoney(estimate),
    cost: cost === null ? null : formatMoney(cost),
  };
}

import { z } from 'zod';
import {
  countRuns as countStored,
  findFilter,
  listRuns as listStored,
  type RunCount,
  type RunFilter,
  type Side,
  type Tenant,
} from '../../db/index.ts';
import type { Context } from '../context.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { runId, storedMoment } from '../http/fields.ts';
import { ApiProblem } from '../http/problem.ts';
import { presentSummary } from './present.ts';
import { countQuery, type WireRunSummary } from './schema.ts';

/** What a list is asked for. */
export type Asked = z.output<typeof countQuery>;

/** Where a page begins, and to which side it goes. */
const place = z.tuple([z.enum(['older', 'newer']), storedMoment(), runId()]);

/**
 * A page of runs, newest first.
 *
 * @throws ApiProblem `request.invalid` for an invalid cursor; `filter.notFound`
 */
export async function listRuns(
  ctx: Context,
  { cursor, limit = 50, ...asked }: Asked & { limit?: number; cursor?: string },
): Promise<{ items: WireRunSummary[]; next: string | null; previous: string | null }> {
  const side = cursor === undefined ? undefined : sideOf(cursor);
  const { items, edge } = await ctx.tenant(async (tx) =>
    listStored(tx, { ...(await filterOf(tx, asked)), ...(side && { side }), limit }),
  );
  const beyond = (to: Side['to'], of: { startedAt: string; id: string } | null | undefined) =>
    of ? writeCursor([to, of.startedAt, of.id]) : null;
  const isBack = side?.to === 'newer';
  // Coming from one side, there is at least the page one comes from.
  const from = isBack ? (items.at(-1) ?? side.of) : (items[0] ?? side?.of);
  return {
    items: items.map((run) => presentSummary(ctx, run)),
    next: beyond('older', isBack ? from : edge),
    previous: beyond('newer', isBack ? edge : side && from),
  };
}

/** Counts runs, up to a number. @throws ApiProblem `filter.notFound` */
export const countRuns = (ctx: Context, asked: Asked): Promise<RunCount> =>
  ctx.tenant(async (tx) => countStored(tx, await filterOf(tx, asked)));

/** What is asked for, with what a saved filter says besides. @throws ApiProblem `filter.notFound` */
export async function filterOf(tx: Tenant, { filter: name, ...asked }: Asked): Promise<RunFilter> {
  const { retrying, ...filter } = { ...(name === undefined ? {} : await saved(tx, name)), ...asked };
  return { ...filter, ...(retrying && { waits: 'retry' }) };
}

async function saved(tx: Tenant, name: string): Promise<Omit<Asked, 'filter'>> {
  const found = await findFilter(tx, { name });
  // A filter of an older version may say what this version does not know.
  const parsed = found && countQuery.safeParse(found.filter);
  if (parsed?.success) return parsed.data;
  throw new ApiProblem('filter.notFound', `No filter is saved as "${name}". GET /api/run-filters lists them.`);
}

function sideOf(cursor: string): Side {
  const [to, startedAt, id] = readCursor(cursor, place);
  return { to, of: { startedAt, id } };
}

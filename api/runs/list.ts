import { listRuns as listStored, type RunCursor } from '../../db/index.ts';
import type { RunStatus } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { presentSummary } from './present.ts';
import type { WireRunSummary } from './schema.ts';

/** A page of runs, newest first. @throws ApiProblem `request.invalid` for an invalid cursor */
export async function listRuns(
  ctx: Context,
  input: { workflow?: string; status?: RunStatus; limit?: number; cursor?: string },
): Promise<{ items: WireRunSummary[]; next: string | null }> {
  const { cursor, limit = 50, ...filter } = input;
  const after = cursor === undefined ? {} : { after: readCursor(cursor) };
  // One more than asked for tells whether there is a next page.
  const rows = await ctx.tenant((tx) => listStored(tx, { ...filter, ...after, limit: limit + 1 }));
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((run) => presentSummary(ctx, run)),
    next: rows.length > limit && last ? writeCursor(last) : null,
  };
}

const writeCursor = ({ startedAt, id }: RunCursor): string => Buffer.from(`${startedAt} ${id}`).toString('base64url');

function readCursor(text: string): RunCursor {
  const [startedAt, id, ...rest] = Buffer.from(text, 'base64url').toString('latin1').split(' ');
  const wellFormed =
    rest.length === 0 &&
    startedAt &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(startedAt) &&
    !Number.isNaN(Date.parse(startedAt));
  if (!wellFormed || !id || !/^r[0-9a-z]{1,40}$/.test(id)) {
    throw new ApiProblem(
      'request.invalid',
      'query/cursor: is not one of ours. Use "next" of the previous page, unchanged.',
    );
  }
  return { startedAt, id };
}

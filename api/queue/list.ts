import {
  findVersion,
  type Tenant,
  type WaitingGroup,
  type WaitingRun,
  waitingGroups,
  waitingRuns,
} from '../../db/index.ts';
import type { Context } from '../context.ts';
import { notFound } from '../start/published.ts';
import { FIRST_PAGE, type QueueCursor, readCursor, writeCursor } from './cursor.ts';

/**
 * A page of what waits of a workflow: runs that wait for their place, firings that are held, and firings that were refused
 * together.
 *
 * @throws ApiProblem `workflow.notFound`; `request.invalid` for an invalid cursor
 */
export async function getQueue(
  ctx: Context,
  { name, limit = 100, cursor }: { name: string; limit?: number | undefined; cursor?: string | undefined },
) {
  const from = cursor === undefined ? FIRST_PAGE : readCursor(cursor);
  const { runs, held, refused, isKnown } = await ctx.tenant(async (tx) => ({
    ...(await pages(tx, { workflow: name, limit, from })),
    isKnown: (await findVersion(tx, { name })) !== null,
  }));
  // Runs of a graph that was never published wait, too.
  if (!isKnown && runs.count === 0) throw notFound({ name });
  const next = { waiting: runs.next, held: held.next, refused: refused.next };
  return {
    waiting: runs.waiting.map((run) => presentRun(ctx, run)),
    held: held.groups.map(({ refusedAt: _refusedAt, dueAt, ...group }) => ({ ...group, dueAt: dueAt! })),
    refused: refused.groups.map(presentRefused),
    counts: { waiting: runs.count, held: held.count, refused: refused.count },
    next: Object.values(next).every((one) => one === null) ? null : writeCursor(next),
  };
}

/** What came to its end on an earlier page is counted, and not listed again. */
async function pages(tx: Tenant, { workflow, limit, from }: { workflow: string; limit: number; from: QueueCursor }) {
  const of = <T extends object>(after: T | null | undefined) =>
    after === null ? { workflow, limit: 0 } : { workflow, limit, ...(after === undefined ? {} : { after }) };
  return {
    runs: await waitingRuns(tx, of(from.waiting)),
    held: await waitingGroups(tx, { which: 'held', ...of(from.held) }),
    refused: await waitingGroups(tx, { which: 'refused', ...of(from.refused) }),
  };
}

const presentRun = (ctx: Context, { runId, ...place }: WaitingRun) => ({
  run: { id: runId, url: `${ctx.publicUrl}/api/runs/${runId}` },
  ...place,
});

const presentRefused = ({ dueAt: _dueAt, refusedAt, ...group }: WaitingGroup) => ({ ...group, refusedAt: refusedAt! });

import { countDeadLetters, findVersion, listTriggers as listRows, recentCounts } from '../../db/index.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { inParallel } from '../in-parallel.ts';
import { notFound } from '../start/published.ts';
import { findTrigger, type TriggerName } from './find.ts';
import { countsOf, maySeeAddress, presentTrigger } from './present.ts';

/** Triggers that are put together at a time. */
const AT_ONCE = 8;

/** Who asks decides whether addresses are shown. */
export interface Asked {
  readonly principal: Principal;
}

/** The triggers of one workflow, or of all. @throws ApiProblem `workflow.notFound` */
export async function listTriggers(ctx: Context, input: Asked & { workflow?: string }) {
  const { workflow, principal } = input;
  const { rows, counts, unread, version } = await ctx.tenant(async (tx) => ({
    rows: await listRows(tx, input),
    counts: await recentCounts(tx, input),
    unread: await countDeadLetters(tx, input),
    version: workflow === undefined ? null : await findVersion(tx, { name: workflow }),
  }));
  if (workflow !== undefined && version === null) throw notFound({ name: workflow });
  const how = { counts: countsOf(counts, unread), withAddress: maySeeAddress(principal) };
  return { items: await inParallel(rows, AT_ONCE, (row) => presentTrigger(ctx, row, how)) };
}

/** One trigger. @throws ApiProblem `trigger.notFound` */
export async function getTriggerView(ctx: Context, { principal, ...name }: Asked & TriggerName) {
  const row = await findTrigger(ctx, name);
  const { workflow } = name;
  const { counts, unread } = await ctx.tenant(async (tx) => ({
    counts: await recentCounts(tx, { workflow }),
    unread: await countDeadLetters(tx, { workflow }),
  }));
  return presentTrigger(ctx, row, { counts: countsOf(counts, unread), withAddress: maySeeAddress(principal) });
}

import { z } from 'zod';
import { type ItemCount, itemCounts } from '../../db/index.ts';
import { indexIn } from '../../graph/replay/index.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { earlier, later, liveRun, pathsOf } from './live.ts';
import type { WireItem } from './schema.ts';

/** Beyond the last item of any loop. */
const INDEX = z.int().min(0).max(999_999_999);

/**
 * A page of the items of a loop, or of its rounds, by their numbers: how many steps each has, by status.
 *
 * @throws ApiProblem `run.notFound`; `request.invalid` for an invalid cursor
 */
export async function listItems(
  ctx: Context,
  { id, step, limit = 100, cursor }: { id: string; step: string; limit?: number; cursor?: string },
): Promise<{ items: WireItem[]; next: string | null }> {
  const from = cursor === undefined ? 0 : readCursor(cursor, INDEX) + 1;
  const { steps } = await liveRun(ctx, id);
  const ours = steps.flatMap((one) => countOf(one, step)).filter(({ index }) => index >= from);
  const counts = await ctx.tenant((tx) =>
    itemCounts(tx, { runId: id, loop: step, from, limit: limit + 1, except: pathsOf(steps) }),
  );
  const items = itemsOf(step, [...counts, ...ours]);
  return pageOf(items.slice(0, limit + 1), { limit, placeOf: ({ index }) => index, present: (item) => item });
}

/** A step of an item as a count of one; none for a step elsewhere. */
function countOf({ path, status, startedAt, endedAt }: StepRecord, loop: string): ItemCount[] {
  const index = indexIn(loop, path);
  if (index === undefined) return [];
  return [{ index, status, count: 1, startedAt: startedAt ?? null, endedAt: endedAt ?? null }];
}

function itemsOf(loop: string, counts: readonly ItemCount[]): WireItem[] {
  const items = new Map<number, WireItem>();
  for (const { index, status, count, startedAt, endedAt } of counts) {
    const item = items.get(index) ?? { index, path: `${loop}[${index}]`, counts: {}, startedAt: null, endedAt: null };
    item.counts[status] = (item.counts[status] ?? 0) + count;
    item.startedAt = earlier(item.startedAt, startedAt);
    item.endedAt = later(item.endedAt, endedAt);
    items.set(index, item);
  }
  return [...items.values()].sort((a, b) => a.index - b.index);
}

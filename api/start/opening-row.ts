import { setTimeout } from 'node:timers/promises';
import { isDatabaseAway, keepGraph, upsertRun, withWorkspace } from '../../db/index.ts';
import type { Graph } from '../../graph/document/types.ts';
import type { RunRecord } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';

/** A database that restarts is back within seconds. A start waits this long, so that its answer can be relied on. */
const PATIENCE_MS = 5_000;
const SOON_MS = 250;
/** After that, the answer is given, and writing the row is tried again in the background, for an hour. */
const LATER_MS = 1_000;
const LATER_TIMES = 3_600;

/**
 * Writes the opening row, and waits for the disk: whoever was told about a run finds it, whatever crashes next. A row
 * that cannot be written in time is written later; the run's next record creates it, too. `graph`: the one that the run was
 * given.
 */
export async function writeOpening(ctx: Context, record: RunRecord, graph: Graph | null = null): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await writeRow(ctx, record, graph);
    } catch (error) {
      if (isDatabaseAway(error) && Date.now() < until) {
        await setTimeout(SOON_MS);
        continue;
      }
      ctx.log.warn({ run: record.runId, err: error }, 'the opening row of a run is not written yet; the run goes on');
      void writeLater(ctx, record, graph);
      return;
    }
  }
}

async function writeLater(ctx: Context, record: RunRecord, graph: Graph | null): Promise<void> {
  for (let times = 0; times < LATER_TIMES; times++) {
    await setTimeout(LATER_MS, undefined, { ref: false });
    try {
      return await writeRow(ctx, record, graph);
    } catch (error) {
      ctx.log.debug({ run: record.runId, err: error }, 'the opening row of a run is still not written');
    }
  }
}

async function writeRow(ctx: Context, record: RunRecord, graph: Graph | null): Promise<void> {
  await withWorkspace(ctx.database, ctx.workspace, async (tx) => {
    await upsertRun(tx, record);
    if (graph) await keepGraph(tx, { runId: record.runId, graph });
  });
  ctx.followed.tell(ctx.workspace);
}

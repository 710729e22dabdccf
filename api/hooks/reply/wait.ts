import { setTimeout } from 'node:timers/promises';
import { runTopic } from '../../../bus/index.ts';
import { getResponse, getRunSummary } from '../../../db/index.ts';
import type { Json } from '../../../graph/json.ts';
import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { Context } from '../../context.ts';
import { askQuietly, currentRun, waitForEnd } from '../../runs/load.ts';
import type { Started } from '../../start/start-run.ts';

/** What a waiting caller is answered with. */
export type Reply =
  /** What a `respond` says. */
  | { readonly kind: 'response'; readonly response: Json }
  | { readonly kind: 'ended'; readonly status: RunStatus; readonly output: Json };

/** How often Postgres is looked at, whatever was told or missed. */
const LOOK_MS = 1_000;
/** How long the last look may take. */
const LAST_LOOK_MS = 1_000;
/** How long it is left to the worker of this process to report the end of a run. */
const AT_ONCE_MS = 500;

/**
 * Waits until the run answers by `respond`, or ends. Asks in every way at once, so that neither a worker nor another
 * process that dies makes a caller hang.
 *
 * @returns null if neither happens in time
 */
export async function waitForReply(ctx: Context, started: Started, ms: number): Promise<Reply | null> {
  const { runId, workflowId, watch } = started;
  const until = Date.now() + ms;
  const over = new AbortController();
  let wake: () => void = () => undefined;
  const heard = () => wake();
  const told = ctx.bus.subscribe(runTopic(ctx.workspace, runId), heard);
  let hasEnded = false;
  const atEnd = () => {
    hasEnded = true;
    heard();
  };
  void watch?.atOnce(Math.min(ms, AT_ONCE_MS)).then((record) => record && atEnd());
  void waitForEnd(ctx, { workflowId, seconds: ms / 1000, signal: over.signal }).then(
    (outcome) => outcome && atEnd(),
    () => undefined,
  );
  // A database that hangs answers a look much later than the caller is to be answered.
  const timeUp = setTimeout(ms + LAST_LOOK_MS, null, { signal: over.signal, ref: false }).catch(() => null);
  try {
    for (;;) {
      const next = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const looked = look(ctx, { runId, workflowId, hasEnded }).catch(() => null);
      const reply = await Promise.race([looked, timeUp]);
      if (reply) return reply;
      const left = until - Date.now();
      if (left <= 0) return null;
      await Promise.race([next, setTimeout(Math.min(LOOK_MS, left), undefined, { signal: over.signal, ref: false })]);
    }
  } finally {
    over.abort();
    told.stop();
    watch?.stop();
  }
}

/** The answer, if there is one by now. */
async function look(
  ctx: Context,
  { runId, workflowId, hasEnded }: { runId: string; workflowId: string; hasEnded: boolean },
): Promise<Reply | null> {
  const { response, summary } = await ctx.tenant(async (tx) => ({
    response: await getResponse(tx, { runId }),
    summary: await getRunSummary(tx, { runId }),
  }));
  if (response !== undefined) return { kind: 'response', response };
  if (!hasEnded && (summary === null || summary.endedAt === null)) return null;
  const run = await currentRun(ctx, runId);
  if (run.endedAt === null) return null;
  return (
    (await unheard(ctx, { workflowId, steps: run.steps })) ?? {
      kind: 'ended',
      status: run.status,
      output: run.output as Json,
    }
  );
}

/** An answer whose record was lost: the run itself still knows it. */
async function unheard(
  ctx: Context,
  { workflowId, steps }: { workflowId: string; steps: readonly { readonly type?: unknown }[] },
): Promise<Reply | null> {
  if (!steps.some(({ type }) => type === 'respond')) return null;
  const view = await askQuietly(ctx, workflowId);
  return view?.response ? { kind: 'response', response: view.response } : null;
}

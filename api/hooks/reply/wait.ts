import { setImmediate, setTimeout } from 'node:timers/promises';
import { runTopic } from '../../../bus/index.ts';
import { hasStepOfType, type RunAnswer } from '../../../db/index.ts';
import type { Json } from '../../../graph/json.ts';
import type { RunStatus } from '../../../graph/run-state/state/types.ts';
import type { RunRecord } from '../../../workflows/contract.ts';
import type { Context } from '../../context.ts';
import { askQuietly, currentRun, waitForEnd } from '../../runs/load.ts';
import type { WireRun } from '../../runs/schema.ts';
import type { Started } from '../../start/request.ts';
import type { HookReads } from '../reads.ts';

/** What a waiting caller is answered with. */
export type Reply =
  /** What a `respond` says. */
  | {
      readonly kind: 'response';
      readonly response: Json;
      /** The run has ended, and its record is stored. */
      readonly isOver: boolean;
    }
  | { readonly kind: 'ended'; readonly status: RunStatus; readonly output: Json };

/** How often Postgres is looked at, whatever was told or missed. */
const LOOK_MS = 1_000;
/** How long the last look may take. */
const LAST_LOOK_MS = 1_000;
/** The first look, if a worker of this process will tell: on a busy machine, too, it has mostly done so by then. */
const FIRST_LOOK_MS = 500;
/** How long it is left to that worker to report the end of the run, before Temporal is asked. */
const ASK_MS = 2_000;

/**
 * Waits until the run answers by `respond`, or ends. Asks in every way, so that neither a worker nor another process that
 * dies makes a caller hang: what costs least is asked first.
 *
 * @returns null if neither happens in time, or if the caller has hung up
 */
export async function waitForReply(
  ctx: Context,
  { answer }: HookReads,
  { started, ms, signal }: { started: Started; ms: number; signal: AbortSignal },
): Promise<Reply | null> {
  const { runId, workflowId, watch } = started;
  const until = Date.now() + ms;
  const over = new AbortController();
  let news = Promise.withResolvers<void>();
  const heard = () => news.resolve();
  const told = ctx.bus.subscribe(runTopic(ctx.workspace, runId), heard);
  const end = listenForEnd(ctx, { started, ms, signal: over.signal, heard });
  const look = async () => replyOf(ctx, { runId, workflowId, ...(await answer(runId)) }, end.isThere);
  // A database that hangs answers a look much later than the caller is to be answered.
  const timeUp = setTimeout(ms + LAST_LOOK_MS, null, { signal: over.signal, ref: false }).catch(() => null);
  const hungUp = Promise.withResolvers<null>();
  const hangUp = (): void => {
    hungUp.resolve(null);
    heard();
  };
  if (signal.aborted) hangUp();
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    for (let pause = watch ? FIRST_LOOK_MS : 0; ; pause = LOOK_MS) {
      const rest = Math.max(0, Math.min(pause, until - Date.now()));
      await Promise.race([news.promise, setTimeout(rest, undefined, { signal: over.signal, ref: false })]);
      // A worker of this process first tells everybody that there is an answer, and then, here, which one.
      if (watch) await setImmediate();
      // What is told during the look leads to another one.
      news = Promise.withResolvers();
      const reply = end.reply ?? (await Promise.race([look().catch(() => null), timeUp, hungUp.promise]));
      if (reply || signal.aborted || Date.now() >= until) return reply;
    }
  } finally {
    signal.removeEventListener('abort', hangUp);
    over.abort();
    told.stop();
    watch?.stop();
  }
}

/** What is known of the end of a run. */
interface End {
  isThere: boolean;
  /** The answer, if the worker that reported the end told that, too. */
  reply: Reply | null;
}

/** Listens for the end of a run: to the worker of this process, and a little later to Temporal. */
function listenForEnd(
  ctx: Context,
  { started, ms, signal, heard }: { started: Started; ms: number; signal: AbortSignal; heard: () => void },
): End {
  const end: End = { isThere: false, reply: null };
  const { workflowId, watch } = started;
  const until = Date.now() + ms;
  const isReported = (async () => {
    const record = await watch?.atOnce(ms);
    if (!record) return false;
    Object.assign(end, { isThere: true, reply: replyIn(record) });
    heard();
    return true;
  })();
  const ask = async () => {
    const patience = watch ? setTimeout(ASK_MS, false, { signal, ref: false }) : false;
    if ((await Promise.race([isReported, patience])) || signal.aborted) return;
    const seconds = (until - Date.now()) / 1000;
    end.isThere ||= (await waitForEnd(ctx, { workflowId, seconds, signal })) !== null;
    if (end.isThere) heard();
  };
  void ask().catch(() => undefined);
  return end;
}

/** The answer of a run whose record was reported by its worker; null if parts of the answer are stored apart. */
function replyIn({ response, status, output, outputRef }: RunRecord): Reply | null {
  if (response) return response.refs ? null : { kind: 'response', response: response.value as Json, isOver: true };
  return outputRef ? null : { kind: 'ended', status, output };
}

/** The answer, if there is one by now. */
async function replyOf(
  ctx: Context,
  { runId, workflowId, response, isOver }: RunAnswer & { runId: string; workflowId: string },
  hasEnded: boolean,
): Promise<Reply | null> {
  if (response !== undefined) return { kind: 'response', response, isOver };
  if (!hasEnded && !isOver) return null;
  const run = await currentRun(ctx, runId);
  if (run.endedAt === null) return null;
  return (
    (await unheard(ctx, { workflowId, run })) ?? {
      kind: 'ended',
      status: run.status,
      output: run.output as Json,
    }
  );
}

/** An answer whose record was lost: the run itself still knows it. */
async function unheard(ctx: Context, { workflowId, run }: { workflowId: string; run: WireRun }): Promise<Reply | null> {
  const such = { runId: run.id, type: 'respond' };
  const answered = run.steps.some(({ type }) => type === such.type);
  if (!answered && !(run.moreSteps && (await ctx.tenant((tx) => hasStepOfType(tx, such))))) return null;
  const view = await askQuietly(ctx, workflowId);
  return view?.response ? { kind: 'response', response: view.response, isOver: true } : null;
}

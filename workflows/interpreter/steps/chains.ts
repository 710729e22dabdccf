import {
  CancelledFailure,
  isCancellation,
  ParentClosePolicy,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import {
  type EachCall,
  type EachResult,
  exceeds,
  follows,
  MAX_CHAINS,
  oldestFirst,
  REQUEST_IN_HISTORY,
  Reference,
  type RunError,
  seal,
  settleEach,
  type UndoEntry,
  unseal,
} from '../../../graph/sandbox.ts';
import type { Kept, SplitList } from '../../activities.ts';
import type { EachInput, EachOutput } from '../../chain-contract.ts';
import { type Enveloped, searchAttributesOf } from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';
import { callStore, internalActivities, longActivities } from '../base/internal-activities.ts';
import { keep, kept } from '../base/stored.ts';
import { outputFrom } from './effect.ts';
import { outcomeOfFailure } from './failure.ts';
import { cancelExternal } from './messages.ts';
import { pauseOf, tellChains } from './pause.ts';

/** Runs a long list as chains of child workflows, each a cursor over its share of the items. */
export function startEach(driver: Driver, call: EachCall): void {
  driver.beginning.set(call.path, { cancelled: false });
  settle(driver, call.path, begin(driver, call));
}

/** Stops a long loop: its child workflows are cancelled as soon as they exist. */
export function cancelEach(driver: Driver, path: string): void {
  const beginning = driver.beginning.get(path);
  if (beginning) beginning.cancelled = true;
  for (const workflowId of driver.chains.get(path)?.workflowIds ?? []) cancelExternal(driver, workflowId);
}

/** Waits again for chains begun by an earlier execution. */
export function resumeEach(driver: Driver, path: string, inline: readonly string[], continueOnError: boolean): void {
  const chains = driver.chains.get(path)!;
  const results = chains.workflowIds.map(
    (workflowId) => longActivities.blokAwait({ workflowId }) as Promise<Kept<EachOutput>>,
  );
  const ended = gather(driver, path, results, chains.count, inline, continueOnError);
  settle(driver, path, ended);
}

/** A chain is forgotten only once its result is settled: until then a new execution must wait for the chain again. */
function settle(driver: Driver, path: string, ended: Promise<EachResult>): void {
  ended
    .catch((thrown: unknown) => failed(thrown, path))
    .then((result) =>
      post(driver, () => {
        driver.chains.delete(path);
        driver.beginning.delete(path);
        settleEach(driver.run, path, result);
      }),
    );
}

async function begin(driver: Driver, call: EachCall): Promise<EachResult> {
  const { workspace, runId } = driver.input;
  const list = await internalActivities.blokSplit({
    workspace,
    runId,
    items: await listOf(driver, call.items),
    batch: call.batch,
  });
  const beginning = driver.beginning.get(call.path)!;
  if (beginning.cancelled) return failed(new CancelledFailure('The loop was cancelled.'), call.path);
  if (list.count === 0) return { ok: true, output: { results: [], errors: [], count: 0 }, undo: [] };
  const { node, visible, continueOnError } = call;
  const context = await keep(driver, { node, visible, facts: seal(driver.run.facts) });
  const pause = pauseOf(driver);
  const shares = Math.min(call.concurrency, MAX_CHAINS, list.count);
  const inputs = Array.from(
    { length: shares },
    (_, k): EachInput => ({
      interpreterVersion: driver.input.interpreterVersion,
      parent: {
        ...driver.input,
        plan: { ...driver.run.plan, body: { nodes: [] }, effects: [] },
        input: null,
        snapshot: undefined,
      },
      workflowId: driver.workflowId,
      frameKey: call.frame,
      context,
      list: list.ref,
      from: share(list.count, shares, k),
      to: share(list.count, shares, k + 1),
      concurrency: share(call.concurrency, shares, k + 1) - share(call.concurrency, shares, k),
      continueOnError,
      ...(pause.paused ? { pause } : {}),
    }),
  );
  const workflowIds = inputs.map((_, k) => `${driver.workflowId}/${call.path}~${k}`);
  const handles = await Promise.all(inputs.map((input, k) => startChain(driver, call.path, workflowIds[k]!, input)));
  const count = countOf(driver, call, list);
  driver.chains.set(call.path, { workflowIds, count });
  driver.beginning.delete(call.path);
  if (beginning.cancelled) cancelEach(driver, call.path);
  if (driver.pauses > pause.count) tellChains(driver, workflowIds);
  const results = handles.map((handle) => handle.result() as Promise<Kept<EachOutput>>);
  return gather(driver, call.path, results, count, node.effect?.inline ?? [], continueOnError);
}

/** The count in the loop's output: the number of its items, even if they run in batches. */
const countOf = ({ run }: Driver, call: EachCall, list: SplitList): number =>
  (follows(run, 'itemsCounted') ? (call.count ?? list.items) : undefined) ?? list.count;

/** A list that is too large for history is stored before it is handed over. */
async function listOf(driver: Driver, items: Enveloped): Promise<Enveloped> {
  if (!exceeds(items, REQUEST_IN_HISTORY)) return items;
  const { workspace, runId } = driver.input;
  return seal(new Reference(await callStore('blokStore', { workspace, runId, value: items, enveloped: true })));
}

const startChain = (driver: Driver, path: string, workflowId: string, input: EachInput) =>
  startChild('blokEach', {
    workflowId,
    args: [input],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    searchAttributes: searchAttributesOf(driver.input),
    staticSummary: `${path} ${input.from}–${input.to - 1}`,
  });

async function gather(
  driver: Driver,
  path: string,
  results: readonly Promise<Kept<EachOutput>>[],
  count: number,
  inline: readonly string[],
  continueOnError: boolean,
): Promise<EachResult> {
  const { workspace, runId } = driver.input;
  const { workflowIds } = driver.chains.get(path)!;
  let stopping = false;
  const stopOthers = (): void => {
    if (stopping || continueOnError) return;
    stopping = true;
    for (const id of workflowIds) cancelExternal(driver, id);
  };
  const outputs = await Promise.all(
    results.map(async (result): Promise<EachOutput> => {
      const output = await result
        .then((stored) => kept(workspace, stored))
        .catch((thrown: unknown): EachOutput => ({ ...empty, error: failed(thrown, path).error }));
      if (output.error) stopOthers();
      return output;
    }),
  );
  const undo = oldestFirst(outputs.flatMap((output) => unseal(output.undo) as UndoEntry[]));
  const undoFailed = outputs.flatMap((output) => [...output.undoFailed]);
  // The first chain that failed for a reason of its own. The others were cancelled because of that failure.
  const broken = outputs.filter((output) => output.error !== undefined);
  const first = broken.find((output) => output.error?.code !== 'cancelled') ?? broken[0];
  if (first) return { ok: false, error: first.error!, undo, undoFailed };
  const segments = outputs.flatMap((output) => [...output.segments]);
  const result = await internalActivities.blokGather({
    workspace,
    runId,
    segments: await keep(driver, segments),
    count,
    inline: ['/count', '/errors', '/errors/length', '/results/length', ...inline],
  });
  return { ok: true, output: outputFrom(result), undo, undoFailed };
}

const empty = { segments: [], undo: { value: [] }, undoFailed: [] };

function failed(thrown: unknown, path: string): Extract<EachResult, { ok: false }> {
  const outcome = outcomeOfFailure(thrown, { path, attemptsBefore: 0, attempts: 1 });
  const { code, message, unknown } = outcome.ok ? { code: 'interpreter', message: '', unknown: true } : outcome.error;
  const error: RunError = {
    code: isCancellation(thrown) ? 'cancelled' : code,
    message,
    step: path,
    node: path,
    attempts: 1,
    unknown,
  };
  return { ok: false, error, undo: [] };
}

/** Where the k-th of n nearly equal shares of a whole number begins. */
const share = (total: number, n: number, k: number): number => Math.floor((total * k) / n);

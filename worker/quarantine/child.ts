/** The inside of a child process that runs one activity at a time. */
import { Worker } from 'node:worker_threads';
import { asyncLocalStorage, CancelledFailure, Context, type Info } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { noopMetricMeter } from '@temporalio/common';
import { createBreaker } from '../../activities/base/breaker.ts';
import type { ActivityDeps } from '../../activities/base/deps.ts';
import { createActivities } from '../../activities/index.ts';
import { loadOwnNodes } from '../../integrations/own-nodes/load.ts';
import { surviveUncaught } from '../../settings/uncaught.ts';
import { createLog } from '../../telemetry/log.ts';
import { openDeps } from '../deps.ts';
import { type ChildSettings, type FromChild, type Job, sent, type ToChild } from './messages.ts';

/** Ends the process soon after its parent has ended, whatever the main thread does. */
const ORPHAN_WATCH = `const parent = process.ppid;
setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 1_000);`;

/** The lines of a child stand among those of its worker. */
const log = createLog({ service: 'blok-worker' });

type Activities = Readonly<Record<string, (input: unknown) => Promise<unknown>>>;

/**
 * Serves the worker that started this process, until the worker ends.
 *
 * @param more activities in addition to Blok's own, or in their place: for tests
 */
export function serveWorker(more: (deps: ActivityDeps) => object = () => ({})): void {
  let activities: Activities = {};
  let cancel: (reason: string) => void = () => undefined;
  surviveUncaught(log);
  // Signals to all of a group of processes are meant for the worker, which then ends this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.once('disconnect', () => process.exit(0));
  // A step that never lets go of the processor would outlive the worker.
  new Worker(ORPHAN_WATCH, { eval: true }).unref();
  process.on('message', (message: ToChild) => {
    if (message.type === 'cancel') return cancel(message.reason);
    if (message.type === 'open') {
      return void open(message.settings, more).then((opened) => {
        activities = opened;
        say({ type: 'ready' });
      });
    }
    const began = begin(message.job, activities);
    cancel = began.cancel;
    began.result.then(
      (result) => say({ type: 'done', result }),
      (error) => say({ type: 'failed', failure: sent(error) }),
    );
  });
}

const say = (message: FromChild): void => void process.send!(message);

async function open(settings: ChildSettings, more: (deps: ActivityDeps) => object): Promise<Activities> {
  await loadOwnNodes(settings.ownNodes);
  const { address, apiKey, tls } = settings.temporal;
  const connection = Connection.lazy({ address, ...(apiKey ? { apiKey } : {}), ...(tls ? { tls } : {}) });
  const temporal = new Client({ connection, namespace: settings.namespace });
  const { deps } = await openDeps(settings, { temporal, log });
  return { ...createActivities(deps, createBreaker()), ...more(deps) } as unknown as Activities;
}

/** Runs an activity as the SDK does: in a context of its own. The worker sends the heartbeats, also those of the activity. */
function begin({ activity, input, info }: Job, activities: Activities) {
  const stop = new AbortController();
  const cancelled = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
  });
  cancelled.catch(() => undefined);
  const context = new Context(
    info as Info,
    cancelled,
    stop.signal,
    (details) => say({ type: 'beat', details }),
    undefined,
    console as never,
    noopMetricMeter,
    {},
  );
  return {
    result: asyncLocalStorage.run(context, async () => activities[activity]!(input)),
    cancel: (reason: string) => stop.abort(new CancelledFailure(reason)),
  };
}

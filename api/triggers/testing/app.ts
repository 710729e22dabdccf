import type { TestWorker } from '../../../worker/testing/worker.ts';
import { createApp } from '../../app.ts';
import { type Context, createContext } from '../../context.ts';
import { temporalRuns } from '../../temporal/runs.ts';
import { depsBeside } from '../../testing/beside-worker.ts';
import { setUpDueTriggers } from '../setup/round.ts';

/** The API beside a test's worker, on a real Temporal. */
export interface TriggerApp {
  readonly ctx: Context;
  /** Sends a request with a JSON body. */
  send(method: string, path: string, body?: unknown): Promise<{ status: number; body: never }>;
  /** Publishes a graph and sets up its triggers. */
  publish(name: string, graph: object): Promise<void>;
  close(): Promise<void>;
}

export function startTriggerApp(test: TestWorker, address: string): TriggerApp {
  const runs = temporalRuns({ address, namespace: 'default', taskQueue: test.taskQueue });
  const deps = depsBeside(test, runs);
  const ctx = createContext(deps);
  const app = createApp(deps, ctx);
  const send: TriggerApp['send'] = async (method, path, body) => {
    const json =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await app.request(path, { method, ...json });
    return { status: response.status, body: (await response.json()) as never };
  };
  return {
    ctx,
    send,
    publish: async (name, graph) => {
      const { status, body } = await send('PUT', `/api/workflows/${name}`, { graph: { blok: 1, name, ...graph } });
      if (status > 201) throw new Error(JSON.stringify(body));
      await setUpDueTriggers(ctx);
    },
    close: () => runs.close(),
  };
}

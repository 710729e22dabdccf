/** Callers wait for answers at two API processes, while a worker that is neither of them does the work. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bus, openBus } from '../../../bus/index.ts';
import { getTrigger, parseKeyring, triggerToken, withWorkspace } from '../../../db/index.ts';
import { describeWith } from '../../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../../scripts/testing/temporal.ts';
import { startTestWorker, TEST_KEY, type TestWorker, WORKSPACE } from '../../../worker/testing/worker.ts';
import { createApp } from '../../app.ts';
import type { Runs } from '../../runs-port.ts';
import { temporalRuns } from '../../temporal/runs.ts';
import { depsBeside } from '../../testing/beside-worker.ts';

const hook = (given: object) => ({ in: { uses: 'webhook', with: { verify: 'none', reply: 'sync', ...given } } });
const EARLY = {
  blok: 1,
  name: 'early-answer',
  triggers: hook({ dedupe: '${{ trigger.body.id }}', replyWithin: '20s' }),
  nodes: {
    big: { uses: 'set', with: { value: "${{ 'x'.repeat(input.size) }}" } },
    say: {
      uses: 'respond',
      needs: ['big'],
      with: {
        status: 201,
        headers: { 'x-id': '${{ input.id }}' },
        body: { big: '${{ nodes.big }}', at: '${{ now }}' },
      },
    },
    rest: { uses: 'wait', needs: ['say'], with: { for: '1h' } },
  },
};
const AT_ONCE = {
  ...EARLY,
  name: 'answer-at-once',
  nodes: { say: { uses: 'respond', with: { body: '${{ input.id }}' } } },
  output: 1,
};
const OUTPUT = {
  ...EARLY,
  name: 'output-only',
  nodes: { n: { uses: 'set', with: { value: '${{ input.id }}' } } },
  output: { n: '${{ nodes.n }}' },
};

describeWith(['temporal'], 'synchronous answers', () => {
  let test: TestWorker;
  let ports: Runs[];
  let bus: Bus;
  let apps: ReturnType<typeof createApp>[];
  beforeAll(async () => {
    test = await startTestWorker();
    const { taskQueue } = test;
    ports = [0, 1].map(() => temporalRuns({ address: sharedTemporal().address, namespace: 'default', taskQueue }));
    bus = openBus({ redis: undefined, database: test.database });
    // The second process does not hear what is told, and must find the answer by looking.
    apps = ports.map((runs, index) => createApp({ ...depsBeside(test, runs), ...(index === 0 && { bus }) }));
  });
  afterAll(async () => {
    await bus?.close();
    for (const runs of ports ?? []) await runs.close();
    await test?.dispose();
  });

  const send = (app: number, method: string, path: string, body: object) =>
    apps[app]!.request(path, { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  async function published(graph: { name: string; execution?: string }): Promise<string> {
    expect((await send(0, 'PUT', `/api/workflows/${graph.name}`, { graph })).status).toBe(201);
    const token = await withWorkspace(test.database, WORKSPACE, async (tx) => {
      const row = (await getTrigger(tx, { workflow: graph.name, id: 'in' }))!;
      const { rotation, tokenKey } = row;
      return triggerToken(tx, parseKeyring(TEST_KEY), {
        workflow: graph.name,
        id: 'in',
        rotation,
        tokenKey: tokenKey!,
      });
    });
    return `/hooks/${token}`;
  }

  it('come while the run goes on, the same to every delivery at every process, small or large', async () => {
    const at = await published(EARLY);
    for (const size of [10, 200_000]) {
      const answers = await Promise.all([0, 1, 0, 1].map((app) => send(app, 'POST', at, { id: `e${size}`, size })));
      const texts = await Promise.all(answers.map((answer) => answer.text()));
      expect(answers.map(({ status, headers }) => [status, headers.get('x-id')])).toEqual(
        Array(4).fill([201, `e${size}`]),
      );
      expect(new Set(texts).size).toBe(1);
      expect(JSON.parse(texts[0]!).big).toHaveLength(size);
    }
  });

  it.each(['durable', 'auto'])(
    'come from a run that ends in its first task, and from its output: %s',
    async (execution) => {
      const [said, output] = [await published({ ...AT_ONCE, execution }), await published({ ...OUTPUT, execution })];
      const ids = Array.from({ length: 20 }, (_, n) => `${execution}${n}`);
      const both = await Promise.all(
        ids.map(async (id, n) => [
          await (await send(n % 2, 'POST', said, { id })).text(),
          await (await send(n % 2, 'POST', output, { id })).json(),
        ]),
      );
      expect(both).toEqual(ids.map((id) => [id, { n: id }]));
    },
  );
});

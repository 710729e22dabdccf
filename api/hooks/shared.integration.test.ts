import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runTopic } from '../../bus/index.ts';
import { runRecord } from '../../db/testing/records.ts';
import { useApi } from '../testing/api.ts';
import { addressOf, publishHook, sign } from './testing/hook.ts';

const api = useApi();
const SECRET = 'a secret of some length';

/** A webhook of a graph that only computes, and answers the caller. */
const pureHook = (name: string, given: { with?: object; connection?: string; graph?: object } = {}) =>
  publishHook(api, name, {
    ...given,
    with: { verify: 'none', reply: 'sync', ...given.with },
    graph: {
      nodes: {
        sum: { uses: 'set', with: { value: '${{ trigger.body.n + 1 }}' } },
        say: { uses: 'respond', needs: ['sum'], with: { body: { n: '${{ nodes.sum }}' } } },
      },
      output: null,
      ...given.graph,
    },
  });

/** What is sent to Postgres meanwhile: transactions, and statements in all. */
async function countingStatements(work: () => Promise<unknown>): Promise<{ transactions: number; statements: number }> {
  await api.ctx().tally.flush();
  const query = vi.spyOn(Client.prototype, 'query');
  await work();
  const texts = query.mock.calls.map(([first]) => String((first as unknown as { text?: string }).text ?? first));
  return { transactions: texts.filter((text) => text === 'commit').length, statements: texts.length };
}
afterEach(() => vi.restoreAllMocks());

const rowsOf = async (workflow: string): Promise<number> =>
  api.store.inside(async (tx) => {
    const { rows } = await tx.db.execute<{ n: number }>(
      sql`select count(*)::int as n from run where workflow = ${workflow} and ended_at is not null`,
    );
    return rows[0]!.n;
  });

describe('a request to a webhook of a graph that only computes', () => {
  it('takes two transactions: one finds the webhook, one writes the run', async () => {
    const at = await pureHook('counted');
    await api.post(at, { n: 1 });
    const counted = await countingStatements(async () =>
      expect(await api.post(at, { n: 2 })).toMatchObject({ status: 200, body: { n: 3 } }),
    );
    expect(counted).toEqual({ transactions: 2, statements: 6 });
  });

  it('takes two more if it is signed and has an event id: one opens the secret, one looks for the event', async () => {
    await api.put('/api/connections/sender', { type: 'webhook-secret', data: { secret: SECRET } });
    const hmac = { header: 'x-sign' };
    const at = await pureHook('signed', {
      with: { verify: 'hmac', hmac, dedupe: '${{ trigger.body.n }}' },
      connection: 'sender',
    });
    const post = (n: number) => api.post(at, { n }, { 'x-sign': sign(SECRET, JSON.stringify({ n })) });
    await post(1);
    const counted = await countingStatements(async () => expect(await post(2)).toMatchObject({ status: 200 }));
    expect(counted.transactions).toBe(4);
  });

  it('shares its transactions with those of the same moment, and its row is there before its answer', async () => {
    const at = await pureHook('crowd');
    await api.post(at, { n: 0 });
    let written = 0;
    const counted = await countingStatements(async () => {
      const answers = await Promise.all(Array.from({ length: 64 }, (_, n) => api.post(at, { n })));
      written = await rowsOf('crowd');
      expect(answers.map(({ status, body }) => [status, body.n])).toEqual(answers.map((_, n) => [200, n + 1]));
    });
    expect(written).toBe(65);
    expect(counted.transactions).toBeLessThan(26);
  });

  it('that comes twice at the same moment runs once, and is answered twice the same', async () => {
    const at = await pureHook('twice', { with: { dedupe: '${{ trigger.body.id }}' } });
    const answers = await Promise.all(Array.from({ length: 24 }, (_, i) => api.post(at, { id: i % 3, n: i % 3 })));
    expect(answers.map(({ status, body }) => [status, body.n])).toEqual(answers.map((_, i) => [200, (i % 3) + 1]));
    expect(await rowsOf('twice')).toBe(3);
  });
});

describe('a request to a webhook whose run is durable', () => {
  it('takes one transaction of the API if a worker of this process reports the end of the run', async () => {
    const at = await pureHook('durable', { graph: { execution: 'durable' } });
    api.runs().onStart = ({ input, workflowId }) => {
      const end = { status: 'succeeded', historyLength: 3, endedAt: new Date().toISOString() } as const;
      const response = { value: { status: 200, headers: {}, body: { n: 1 } } };
      const { runId, workspace } = input;
      const record = runRecord({ ...end, runId, workflowId, response });
      // As a worker does: the caller waits already, and between the hint and the record it returns from some functions.
      setTimeout(async () => {
        api.ctx().bus.publish(runTopic(workspace, runId));
        for (let turn = 0; turn < 10; turn++) await undefined;
        api.endings().ended(record);
      }, 10);
    };
    await api.post(at, { n: 0 });
    const counts = [];
    for (let i = 0; i < 5; i++) {
      const counted = await countingStatements(async () =>
        expect(await api.post(at, { n: 0 })).toMatchObject({ status: 200, body: { n: 1 } }),
      );
      vi.restoreAllMocks();
      counts.push(counted);
    }
    // On a busy machine the report may come so late that the database is asked first.
    expect(counts).toContainEqual({ transactions: 1, statements: 3 });
  });
});

describe('what is changed about a webhook counts for the next request', () => {
  it('in the middle of a crowd: switched off, rotated, published anew, another variable', async () => {
    const graph = (version: number) => ({
      vars: { add: 1 },
      nodes: {
        say: { uses: 'respond', with: { body: { n: '${{ trigger.body.n + vars.add }}', version } } },
      },
    });
    const at = await pureHook('changing', { graph: graph(1) });
    let stop = false;
    const crowd = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!stop) expect([200, 404]).toContain((await api.post(at, { n: 1 })).status);
      }),
    );
    try {
      const now = () => api.post(at, { n: 1 });
      expect(await now()).toMatchObject({ status: 200, body: { n: 2, version: 1 } });
      await pureHook('changing', { graph: graph(2) });
      expect(await now()).toMatchObject({ status: 200, body: { n: 2, version: 2 } });
      await api.put('/api/vars/add', { value: 10 });
      expect(await now()).toMatchObject({ status: 200, body: { n: 11 } });
      // As another process would do it: this one is told nothing.
      await api.store.inside((tx) => tx.db.execute("update trigger set enabled = false where workflow = 'changing'"));
      expect((await now()).status).toBe(404);
      await api.store.inside((tx) => tx.db.execute("update trigger set enabled = true where workflow = 'changing'"));
      expect((await now()).status).toBe(200);
      await api.post('/api/workflows/changing/triggers/in/rotate');
      expect((await now()).status).toBe(404);
      expect((await api.post(await addressOf(api, 'changing'), { n: 1 })).status).toBe(200);
    } finally {
      stop = true;
      await crowd;
    }
  });
});

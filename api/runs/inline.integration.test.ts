import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { withWorkspace } from '../../db/index.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();

/** A graph that only computes. */
const pure = (name: string, change: object = {}) => ({
  blok: 1,
  name,
  nodes: { sum: { uses: 'set', label: 'Add', with: { value: '${{ input.a + input.b }}' } } },
  output: { sum: '${{ nodes.sum }}' },
  ...change,
});
const publish = async (name: string, change: object = {}) =>
  expect((await api.put(`/api/workflows/${name}`, { graph: pure(name, change) })).status).toBe(201);
const start = (name: string, body: object, key?: string) =>
  api.post(`/api/workflows/${name}/runs`, body, key === undefined ? {} : { 'idempotency-key': key });

describe('a run that only computes', () => {
  it('has ended when it is answered, is in the history like any other, and Temporal never heard of it', async () => {
    await publish('adds');
    const answer = await start('adds', { input: { a: 1, b: 2 } });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        workflow: 'adds',
        version: 1,
        status: 'succeeded',
        input: { a: 1, b: 2 },
        output: { sum: 3 },
        error: null,
        temporalUrl: null,
        steps: [{ path: 'sum', node: 'sum', type: 'set', label: 'Add', status: 'succeeded', output: 3 }],
        waits: [],
      },
    });
    expect(api.runs().all.size).toBe(0);
    expect((await api.get(`/api/runs/${answer.body.id}`)).body).toEqual(answer.body);
    const list = await api.get('/api/runs?workflow=adds');
    expect(list.body.items).toMatchObject([{ id: answer.body.id, status: 'succeeded' }]);
  });

  it('needs no Temporal', async () => {
    await publish('alone');
    api.runs().down = true;
    expect(await start('alone', { input: { a: 1, b: 2 } }, 'k')).toMatchObject({
      status: 200,
      body: { output: { sum: 3 } },
    });
    expect(await start('alone', { input: { a: 1, b: 2 } }, 'k')).toMatchObject({
      status: 200,
      body: { output: { sum: 3 } },
    });
  });

  it('is one for one key, however often and at once it is asked for; another body is refused', async () => {
    await publish('keyed');
    const answers = await Promise.all(Array.from({ length: 8 }, () => start('keyed', { input: { a: 1, b: 2 } }, 'k')));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1);
    expect(await start('keyed', { input: { a: 1, b: 3 } }, 'k')).toMatchObject({
      status: 422,
      body: { code: 'idempotency.mismatch' },
    });
    expect((await api.get('/api/runs?workflow=keyed')).body.items).toHaveLength(1);
  });

  it('is not executed here if an older version has begun it in Temporal and its row was lost', async () => {
    await publish('moved', { execution: 'durable' });
    const before = api.runs().all.size;
    const first = await start('moved', { input: { a: 1, b: 2 } }, 'k');
    await withWorkspace(api.database(), 'a', (tx) => tx.db.execute(sql`delete from run where id = ${first.body.id}`));
    await publish('moved');
    expect(await start('moved', { input: { a: 1, b: 2 } }, 'k')).toMatchObject({
      status: 202,
      body: { id: first.body.id, status: 'running' },
    });
    expect(api.runs().all.size).toBe(before + 1);
    expect(await start('moved', { input: { a: 1, b: 2 } }, 'other')).toMatchObject({ status: 200 });
  });

  it('of a graph that was sent along is executed here, too', async () => {
    const answer = await api.post('/api/runs', { graph: pure('sent'), input: { a: 2, b: 2 } });
    expect(answer).toMatchObject({ status: 200, body: { version: null, output: { sum: 4 } } });
  });

  it('shares a transaction with those that end at the same time', async () => {
    await publish('many');
    const ids = await Promise.all(
      Array.from({ length: 40 }, async (_, b) => (await start('many', { input: { a: 1, b } })).body.id),
    );
    const { rows } = await withWorkspace(api.database(), 'a', (tx) =>
      tx.db.execute(
        sql`select count(distinct xmin::text)::int as transactions, count(*)::int as runs from run where workflow = 'many'`,
      ),
    );
    expect(rows[0]).toMatchObject({ runs: new Set(ids).size });
    expect(rows[0]!.transactions).toBeLessThan(20);
  });

  it.each<[string, object]>([
    ['wants it', { execution: 'durable' }],
    ['fails', { nodes: { f: { uses: 'fail', with: { code: 'a.b', message: 'no' } } }, output: 1 }],
    ['holds more than a record', { nodes: { sum: { uses: 'set', with: { value: "${{ 'x'.padEnd(100000) }}" } } } }],
  ])('goes to Temporal if it %s', async (what, change) => {
    const name = what.replaceAll(' ', '-');
    await publish(name, change);
    expect((await start(name, { input: { a: 1, b: 2 } })).status).toBe(202);
    expect(api.runs().all.size).toBe(1);
  });
});

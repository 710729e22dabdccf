import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type CallToReserve, reserveCall, settleCall } from '../../db/index.ts';
import { parseMoney } from '../../graph/money.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();
const USAGE = { input: 10, cacheRead: 2, cacheWrite: 1, output: 5, reasoning: 3 };
const run = (n: number): string => `r${n}`;

async function call(more: Partial<CallToReserve> = {}, cost: string | null = '0.000000000007'): Promise<void> {
  const id = randomUUID();
  const reserved = {
    ...{
      id,
      workflow: 'pay',
      runId: run(1),
      step: 'ask',
      attempt: 1,
      connection: 'lab',
      provider: 'openai',
      model: 'm',
    },
    ...{ estimate: parseMoney('0.5'), leaseSeconds: 60 },
    ...more,
  };
  await api.store.inside((tx) => reserveCall(tx, reserved));
  if (cost === null) return;
  await api.store.inside((tx) => settleCall(tx, { id, usage: USAGE, cost: parseMoney(cost), responseId: 'resp' }));
}

describe('usage', () => {
  it('is summed by day, workflow, model and connection, to the last digit', async () => {
    await call();
    await call({ attempt: 2 }, '0.000000000005');
    await call({ workflow: 'tell', model: 'n', connection: null, runId: run(2) }, null);
    const { body } = await api.get('/api/usage?by=workflow,model,connection');
    expect(body.items).toEqual([
      {
        ...{ workflow: 'pay', provider: 'openai', model: 'm', connection: 'lab', calls: 2, seconds: 0, images: 0 },
        ...{ input: 20, cacheRead: 4, cacheWrite: 2, output: 10, reasoning: 6 },
        ...{ cost: '0.000000000012', unpriced: 0, estimated: 0, open: 0, reserved: '0' },
      },
      expect.objectContaining({ workflow: 'tell', connection: null, cost: '0', open: 1, reserved: '0.5' }),
    ]);
    expect(body).toMatchObject({ timeZone: 'UTC', complete: true, total: { calls: 3, cost: '0.000000000012' } });
    const days = (await api.get(`/api/usage?from=${body.to}&to=${body.to}`)).body;
    expect(days.items).toMatchObject([{ day: body.to, calls: 3 }]);
    expect((await api.get('/api/usage?workflow=tell&model=n')).body.total.calls).toBe(1);
    expect((await api.get('/api/usage?from=2020-01-01&to=2020-01-31')).body).toMatchObject({
      items: [],
      total: { calls: 0 },
    });
  });

  it('lists single calls, the newest first, page by page', async () => {
    for (let index = 0; index < 5; index++) await call({ runId: run(7), step: `s${index}` });
    const first = (await api.get(`/api/usage/calls?run=${run(7)}&limit=3`)).body;
    const second = (await api.get(`/api/usage/calls?run=${run(7)}&limit=3&cursor=${first.next}`)).body;
    const steps = [...first.items, ...second.items].map(({ step }: { step: string }) => step);
    expect([steps.length, new Set(steps).size, second.next]).toEqual([5, 5, null]);
    expect(first.items[0]).toEqual({
      ...{ id: expect.any(String), run: run(7), workflow: 'pay', step: expect.any(String), attempt: 1 },
      ...{ connection: 'lab', provider: 'openai', model: 'm', day: expect.any(String), state: 'settled' },
      ...{
        usage: { ...USAGE, seconds: 0, images: 0, estimated: false },
        estimate: '0.5',
        cost: '0.000000000007',
        responseId: 'resp',
      },
      ...{ madeAt: expect.any(String), settledAt: expect.any(String) },
    });
  });

  it.each(['by=month', 'by=day,day', 'from=yesterday', 'from=2020-01-01', 'from=2026-02-01&to=2026-01-01', 'other=1'])(
    'refuses a question that it cannot answer: %s',
    async (query) => {
      expect(await api.get(`/api/usage?${query}`)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    },
  );

  it('refuses a cursor that is none', async () => {
    expect((await api.get('/api/usage/calls?cursor=abc')).body.code).toBe('request.invalid');
  });

  it('is of one workspace only', async () => {
    await call();
    const other = await api.appOf('b').request('/api/usage');
    expect(await other.json()).toMatchObject({ items: [], total: { calls: 0 } });
  });
});

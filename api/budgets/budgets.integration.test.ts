import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { forgetSpending, reserveCall } from '../../db/index.ts';
import { parseMoney } from '../../graph/money.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();

const spend = (amount: string, workflow = 'w') =>
  api.store.inside((tx) =>
    reserveCall(tx, {
      ...{
        id: randomUUID(),
        workflow,
        runId: 'r1',
        step: 's',
        attempt: 1,
        connection: null,
        provider: 'openai',
        model: 'm',
      },
      ...{ estimate: parseMoney(amount), leaseSeconds: 60 },
    }),
  );

describe('budgets', () => {
  it('are set, shown with what is spent, changed and removed', async () => {
    await spend('0.30');
    const set = await api.put('/api/budgets/daily', { amount: '1.50' });
    expect(set).toMatchObject({
      status: 200,
      body: {
        ...{ name: 'daily', scope: 'workspace', workflow: null, period: 'day', kind: 'hard', amount: '1.5' },
        ...{ spent: '0.3', left: '1.2', passed: false },
      },
    });
    await api.put('/api/budgets/daily', { amount: '0.25', kind: 'soft' });
    await api.put('/api/budgets/each-run', { amount: '0.10', scope: 'run' });
    await api.put('/api/budgets/w', { amount: '2', scope: 'workflow', workflow: 'w', period: 'month' });
    expect((await api.get('/api/budgets')).body.items).toMatchObject([
      { name: 'daily', kind: 'soft', spent: '0.3', left: '0', passed: true },
      { name: 'each-run', scope: 'run', period: 'total', spent: null, left: null, passed: null },
      { name: 'w', workflow: 'w', period: 'month', spent: '0.3', left: '1.7' },
    ]);
    await expect(spend('0.11')).rejects.toMatchObject({ code: 'budget.exceeded' });
    expect((await api.send('DELETE', '/api/budgets/each-run')).body).toEqual({ deleted: true });
    await spend('0.11');
    expect((await api.get('/api/budgets/daily')).body.spent).toBe('0.41');
    for (const method of ['GET', 'DELETE'])
      expect((await api.send(method, '/api/budgets/each-run')).body.code).toBe('budget.notFound');
  });

  it('show as spent what is enforced, also of calls that are forgotten', async () => {
    const total = { amount: '1', scope: 'workflow', workflow: 'kept', period: 'total' };
    await api.put('/api/budgets/in-all', total);
    await spend('0.60', 'kept');
    await api.store.inside((tx) =>
      tx.db.execute(sql`update model_call set day = (now() - interval '401 days')::date where workflow = 'kept'`),
    );
    await api.store.inside((tx) => forgetSpending(tx, { limit: 10 }));
    await expect(spend('0.41', 'kept')).rejects.toMatchObject({ code: 'budget.exceeded' });
    expect((await api.get('/api/budgets/in-all')).body).toMatchObject({ spent: '0.6', left: '0.4', passed: false });
    await api.send('DELETE', '/api/budgets/in-all');
  });

  it.each([
    [{ amount: 5 }, 'amount'],
    [{ amount: '-1' }, 'amount'],
    [{ amount: '1.0000000000001' }, 'amount'],
    [{ amount: '1', scope: 'workspace', workflow: 'w' }, 'workflow'],
    [{ amount: '1', scope: 'run', period: 'day' }, 'period'],
    [{ amount: '1', kind: 'warm' }, 'kind'],
    [{}, 'amount'],
  ])('that make no sense are refused: %j', async (body, where) => {
    const answer = await api.put('/api/budgets/odd', body);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'request.invalid', detail: expect.stringContaining(where) },
    });
  });
});

describe('the workspace', () => {
  it('has a time zone in which its days begin', async () => {
    expect((await api.get('/api/workspace')).body).toEqual({ name: 'a', timeZone: 'UTC', requireTests: false });
    const changed = await api.send('PATCH', '/api/workspace', { timeZone: 'Pacific/Kiritimati' });
    expect(changed).toMatchObject({ status: 200, body: { timeZone: 'Pacific/Kiritimati' } });
    const { day } = (await api.put('/api/budgets/far', { amount: '1' })).body;
    const ahead = new Date(Date.now() + 14 * 3_600_000).toISOString().slice(0, 10);
    expect(day).toBe(ahead);
    const refused = await api.send('PATCH', '/api/workspace', { timeZone: 'Mars/Olympus' });
    expect(refused).toMatchObject({ status: 400, body: { detail: expect.stringContaining('Europe/Berlin') } });
  });
});

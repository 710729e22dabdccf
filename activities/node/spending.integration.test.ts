import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { listCalls, putBudget, usageInAll } from '../../db/index.ts';
import { useDatabase } from '../../db/testing/tenants.ts';
import { formatMoney, parseMoney } from '../../graph/money.ts';
import { createPriceList } from '../../integrations/ai/prices/price-list.ts';
import { type ModelUsage, NO_USAGE } from '../../integrations/spending.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { spendingOf } from './spending.ts';

const store = useDatabase();
const OWN = { provider: 'openai', model: 'llama-9', connection: 'lab', from: '2026-01-01', source: 'our own' } as const;
const prices = createPriceList([{ ...OWN, input: '0.123457', cacheRead: '0.000001', output: '0.777777' }]);

let workspace: string;
let count = 0;
beforeEach(() => {
  workspace = `s${++count}`;
});
const inside: typeof store.inside = (fn) => store.inside(fn, workspace);

/** Works as an attempt of a step. */
function attempt(change: { attempt?: number; connection?: string; step?: string } = {}) {
  const { attempt = 1, connection = 'lab', step = 'ask' } = change;
  const warnings: object[] = [];
  const deps = { database: store.database(), prices } as unknown as ActivityDeps;
  const request = { workspace, workflow: 'w', runId: 'r1', step } as EffectRequest;
  const spender = {
    attempt,
    connection,
    attemptMs: 60_000,
    warn: (_: string, data: object) => void warnings.push(data),
  };
  const { reserve } = spendingOf(deps, request, spender);
  const env = new MockActivityEnvironment({ startToCloseTimeoutMs: 60_000 });
  return { reserve, warnings, run: <T>(work: () => Promise<T>) => env.run(work) as Promise<T> };
}

const planned = (more: object = {}) => ({
  ...{ provider: 'openai', model: 'llama-9', estimate: { ...NO_USAGE, input: 1_000, output: 500 } },
  ...more,
});
const calls = () => inside((tx) => listCalls(tx, { limit: 100 }));
const limit = (amount: string, kind: 'hard' | 'soft' = 'hard') =>
  inside((tx) =>
    putBudget(tx, {
      name: 'all',
      scope: 'workspace',
      workflow: null,
      period: 'day',
      kind,
      amount: parseMoney(amount)!,
    }),
  );

describe('the accounts of a step', () => {
  it('say what each call costs, and usage sums the same to the last digit', async () => {
    const { reserve, run } = attempt();
    let pico = 0n;
    for (let index = 0; index < 20; index++) {
      const usage: ModelUsage = { ...NO_USAGE, input: 13 * index, cacheRead: 7 * index, output: index };
      // As the provider would write the bill, in millionths of a millionth.
      const bill = BigInt(13 * index) * 123_457n + BigInt(7 * index) + BigInt(index) * 777_777n;
      const { cost } = await run(async () => (await reserve(planned())).settle({ usage, id: `resp_${index}` }));
      expect(cost).toBe(formatMoney(bill));
      pico += bill;
    }
    const sum = await inside((tx) => usageInAll(tx, { from: '2000-01-01', to: '2100-01-01' }));
    expect(sum).toMatchObject({ calls: 20, cost: pico, unpriced: 0, open: 0, reserved: 0n });
  });

  it('refuse a call that a hard budget has no room for, before it is made and for good', async () => {
    await limit('0.0001');
    const { reserve, run } = attempt();
    await expect(run(() => reserve(planned()))).rejects.toMatchObject({
      ...{ code: 'ai.budget', retryable: false, unknown: false },
      message: expect.stringContaining('budget "all"'),
    });
    expect(await calls()).toEqual([]);
  });

  it('warn of a soft budget, and go on', async () => {
    await limit('0.0001', 'soft');
    const { reserve, run, warnings } = attempt();
    await run(() => reserve(planned()));
    expect(warnings).toEqual([{ budget: 'all' }]);
  });

  it('keep the limit that the author gives the step, over all its attempts', async () => {
    const given = planned({ limit: { cost: '0.0006' } });
    const first = attempt();
    await first.run(async () => (await first.reserve(given)).unknown());
    const second = attempt({ attempt: 2 });
    await expect(second.run(() => second.reserve(given))).rejects.toMatchObject({ code: 'ai.budget' });
    await expect(second.run(() => second.reserve(planned({ limit: { cost: 'much' } })))).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });

  it('count a call once that one attempt began and another one ended', async () => {
    const first = attempt();
    await first.run(async () => (await first.reserve(planned())).began('resp_1'));
    const second = attempt({ attempt: 2 });
    const { cost } = await second.run(async () => {
      const reservation = await second.reserve(planned({ continues: 'resp_1' }));
      return reservation.settle({ usage: { ...NO_USAGE, output: 1_000_000 }, id: 'resp_1' });
    });
    expect(cost).toBe('0.777777');
    expect(await calls()).toMatchObject([{ attempt: 1, state: 'settled', responseId: 'resp_1' }]);
  });

  it('count a call once whose worker ended between keeping the id and noting it', async () => {
    const first = attempt();
    await first.run(() => first.reserve(planned()));
    const second = attempt({ attempt: 2 });
    await second.run(async () => {
      const reservation = await second.reserve(planned({ continues: 'resp_1' }));
      return reservation.settle({ usage: { ...NO_USAGE, output: 10 }, id: 'resp_1' });
    });
    expect(await calls()).toMatchObject([{ attempt: 1, state: 'settled', responseId: 'resp_1' }]);
  });

  it('count the most that a call can have used if the provider does not say, and mark it', async () => {
    const { reserve, run } = attempt();
    const { estimate } = planned();
    const usage = { ...estimate, estimated: true };
    const { cost } = await run(async () => (await reserve(planned())).settle({ usage, id: null }));
    expect(cost).toBe('0.0005123455');
    expect(await calls()).toMatchObject([{ state: 'settled', estimated: true, output: 500 }]);
    const sum = await inside((tx) => usageInAll(tx, { from: '2000-01-01', to: '2100-01-01' }));
    expect(sum).toMatchObject({ calls: 1, estimated: 1, cost: parseMoney(cost!), open: 0 });
  });

  it('count the estimate of a call whose outcome nobody knows, and nothing of one that was not made', async () => {
    const { reserve, run } = attempt();
    await run(async () => (await reserve(planned())).release());
    await run(async () => (await reserve(planned())).unknown());
    const sum = await inside((tx) => usageInAll(tx, { from: '2000-01-01', to: '2100-01-01' }));
    // 1,000 tokens of input and 500 of output.
    expect(sum).toMatchObject({ calls: 1, cost: 0n, open: 1, reserved: parseMoney('0.0005123455') });
  });

  it('know no cost where nobody knows the price', async () => {
    const { reserve, run } = attempt({ connection: 'elsewhere' });
    const { cost, usage } = await run(async () =>
      (await reserve(planned())).settle({ usage: { ...NO_USAGE, input: 5 }, id: null }),
    );
    expect([cost, usage.input]).toEqual([null, 5]);
  });

  it('settle once, also if the settlement is repeated', async () => {
    const { reserve, run } = attempt();
    const made = { usage: { ...NO_USAGE, output: 1_000_000 }, id: 'x' };
    const costs = await run(async () => {
      const reservation = await reserve(planned());
      const first = await reservation.settle(made);
      await reservation.unknown();
      return [first, await reservation.settle({ ...made, usage: NO_USAGE })];
    });
    expect(costs.map(({ cost }) => cost)).toEqual(['0.777777', '0.777777']);
  });
});

import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../embedded/process/wait.ts';
import { parseMoney } from '../../../graph/money.ts';
import { type Database, openDatabase, type Tenant, withWorkspace } from '../../database.ts';
import { modelCall, spendAccount } from '../../schema/index.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { type Budget, deleteBudget, putBudget } from './budgets.ts';
import { dayOf, setTimeZone } from './days.ts';
import { forgetSpending } from './forget.ts';
import { type CallToReserve, reserveCall } from './reserve.ts';
import { leaveCallUnknown, releaseCall, settleCall } from './settle.ts';
import { countedBy, listCalls, usageBy, usageInAll } from './usage.ts';

const store = useDatabase();
const USAGE = { input: 10, cacheRead: 2, cacheWrite: 1, output: 5, reasoning: 3 };
const forget = (tx: Tenant) => forgetSpending(tx, { limit: 100 });
const dollars = (text: string): bigint => parseMoney(text)!;

const callOf = (more: Partial<CallToReserve> = {}): CallToReserve => ({
  ...{
    id: randomUUID(),
    workflow: 'w',
    runId: 'r1',
    step: 's',
    attempt: 1,
    connection: 'c',
    provider: 'openai',
    model: 'm',
  },
  ...{ estimate: dollars('0.10'), leaseSeconds: 60 },
  ...more,
});
const budgetOf = (name: string, more: Partial<Budget> = {}): Budget => ({
  ...{ name, scope: 'workspace', workflow: null, period: 'day', kind: 'hard', amount: dollars('1') },
  ...more,
});
/** Each test has a workspace of its own. */
let count = 0;
const fresh = (): { ws: string; inside: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T> } => {
  const ws = `m${++count}`;
  return { ws, inside: (fn) => store.inside(fn, ws) };
};
const counted = async (tx: Tenant): Promise<bigint> =>
  countedBy(tx, { scope: 'workspace', period: 'day' }, { workflow: '', runId: '', unit: '', day: await dayOf(tx) });
const accounts = async (tx: Tenant): Promise<Record<string, bigint>> =>
  Object.fromEntries((await tx.db.select().from(spendAccount)).map(({ key, counted }) => [key, counted]));

describe('a hard budget', () => {
  /** Two processes: connections that know nothing of each other. */
  const pools: Database[] = [];
  beforeAll(() => {
    for (let index = 0; index < 2; index++) pools.push(openDatabase(store.url(), { max: 8 }));
  });
  afterAll(async () => {
    for (const pool of pools) await pool.close();
  });

  const all = (ws: string, calls: readonly CallToReserve[]) =>
    Promise.allSettled(calls.map((call, index) => withWorkspace(pools[index % 2]!, ws, (tx) => reserveCall(tx, call))));
  const runs = (estimate: string): CallToReserve[] =>
    Array.from({ length: 64 }, (_, index) =>
      callOf({ runId: `r${index}`, workflow: `w${index % 3}`, estimate: dollars(estimate) }),
    );

  it('is never passed by 64 runs that reserve at the same time', async () => {
    const { ws, inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('all')));
    const outcomes = await all(ws, runs('0.07'));
    const fit = outcomes.filter(({ status }) => status === 'fulfilled');
    expect(fit).toHaveLength(14);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'budget.exceeded' });
    expect(await inside(counted)).toBe(dollars('0.98'));
    expect(Object.values(await inside(accounts))).toEqual([dollars('0.98')]);
  });

  it('is never passed when several of different kinds apply, and nobody waits for anybody for ever', async () => {
    const { ws, inside } = fresh();
    await inside(async (tx) => {
      await putBudget(tx, budgetOf('all', { amount: dollars('5') }));
      await putBudget(tx, budgetOf('each', { scope: 'workflow', period: 'month', amount: dollars('1.5') }));
      await putBudget(
        tx,
        budgetOf('one', { scope: 'workflow', workflow: 'w0', period: 'total', amount: dollars('0.35') }),
      );
      await putBudget(tx, budgetOf('run', { scope: 'run', period: 'total', amount: dollars('0.10') }));
    });
    // Every run calls twice, and its own budget has room for one call.
    const outcomes = await all(ws, [...runs('0.10'), ...runs('0.10').map((call) => ({ ...call, step: 'again' }))]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3 + 15 + 15);
    const sums = await inside((tx) => accounts(tx));
    const month = (await inside((tx) => dayOf(tx))).slice(0, 7);
    expect(sums['workflow/total/w0']).toBe(dollars('0.3'));
    expect(sums[`workflow/month/${month}/w1`]).toBe(dollars('1.5'));
    expect(
      Math.max(...Object.entries(sums).flatMap(([key, sum]) => (key.startsWith('run/') ? [Number(sum)] : []))),
    ).toBe(Number(dollars('0.10')));
  });

  it('holds while it is set in the middle of reservations: what was reserved before counts', async () => {
    for (let round = 0; round < 5; round++) {
      const { ws, inside } = fresh();
      const reserving = all(ws, runs('0.07'));
      const setting = inside((tx) => putBudget(tx, budgetOf('all')));
      const before = (await reserving).filter(({ status }) => status === 'fulfilled').length;
      await setting;
      await all(ws, runs('0.07'));
      const sum = await inside(counted);
      expect(sum).toBe(dollars('0.07') * BigInt(Math.max(14, before)));
      const [account] = Object.values(await inside(accounts));
      if (account !== undefined) expect(account).toBe(sum);
    }
  });

  it('keeps its sum equal to the calls while calls are reserved, settled and released at the same time', async () => {
    const { ws, inside } = fresh();
    const one = (tx: Tenant, index: number, id: string) => {
      if (index % 3 === 0) return releaseCall(tx, { id });
      if (index % 3 === 1) return leaveCallUnknown(tx, { id });
      return settleCall(tx, { id, usage: USAGE, cost: dollars('0.013'), responseId: null });
    };
    const work = runs('0.07').map(async (call, index) => {
      await withWorkspace(pools[index % 2]!, ws, (tx) => reserveCall(tx, call));
      if (index === 20) await inside((tx) => putBudget(tx, budgetOf('all', { amount: dollars('100') })));
      await withWorkspace(pools[(index + 1) % 2]!, ws, (tx) => one(tx, index, call.id) as Promise<unknown>);
    });
    await Promise.all(work);
    await inside((tx) => reserveCall(tx, callOf()));
    const [account] = Object.values(await inside(accounts));
    expect(account).toBe(await inside(counted));
    expect(account).toBe(dollars('0.07') * 21n + dollars('0.013') * 21n + dollars('0.10'));
  });
});

describe('a reservation', () => {
  it('says what does not fit, and counts nothing then', async () => {
    const { inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('daily', { amount: dollars('0.15') })));
    await inside((tx) => reserveCall(tx, callOf()));
    await expect(inside((tx) => reserveCall(tx, callOf()))).rejects.toMatchObject({
      code: 'budget.exceeded',
      message: expect.stringMatching(
        /The budget "daily" gives the workspace \$0\.15 a day\. \$0\.1 of it .* up to \$0\.1\./,
      ),
    });
    expect(await inside(counted)).toBe(dollars('0.10'));
  });

  it('fits exactly, and what settles for less makes room', async () => {
    const { inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('daily', { amount: dollars('0.10') })));
    const call = callOf();
    await inside((tx) => reserveCall(tx, call));
    await inside((tx) =>
      settleCall(tx, { id: call.id, usage: USAGE, cost: dollars('0.000000000001'), responseId: 'x' }),
    );
    await expect(inside((tx) => reserveCall(tx, callOf()))).rejects.toMatchObject({ code: 'budget.exceeded' });
    await inside((tx) => reserveCall(tx, callOf({ estimate: dollars('0.099999999999') })));
    expect(await inside(counted)).toBe(dollars('0.10'));
  });

  it('counts once, however often it is repeated', async () => {
    const { inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('daily')));
    const call = callOf();
    for (let time = 0; time < 3; time++) await inside((tx) => reserveCall(tx, call));
    expect(await inside(counted)).toBe(dollars('0.10'));
    expect(Object.values(await inside(accounts))).toEqual([dollars('0.10')]);
  });

  it('settles once: a repetition changes nothing and says what was recorded', async () => {
    const { inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('daily')));
    const call = callOf();
    await inside((tx) => reserveCall(tx, call));
    const settle = (cost: string) =>
      inside((tx) => settleCall(tx, { id: call.id, usage: USAGE, cost: dollars(cost), responseId: 'resp_1' }));
    const first = await settle('0.03');
    expect(await settle('0.09')).toEqual(first);
    await inside((tx) => releaseCall(tx, { id: call.id }));
    await inside((tx) => leaveCallUnknown(tx, { id: call.id }));
    expect(await inside(counted)).toBe(dollars('0.03'));
    expect(Object.values(await inside(accounts))).toEqual([dollars('0.03')]);
  });

  it('may cost more than was reserved, and that counts', async () => {
    const { inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('daily')));
    const call = callOf();
    await inside((tx) => reserveCall(tx, call));
    await inside((tx) => settleCall(tx, { id: call.id, usage: USAGE, cost: dollars('1.5'), responseId: null }));
    expect(await inside(counted)).toBe(dollars('1.5'));
    await expect(inside((tx) => reserveCall(tx, callOf({ estimate: 0n })))).rejects.toMatchObject({
      code: 'budget.exceeded',
    });
  });

  it('of a worker that was killed stays counted, as one of which nobody knows anything, until somebody does', async () => {
    const { ws, inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('daily', { amount: dollars('0.15') })));
    const program = fileURLToPath(new URL('testing/reserve-and-die.ts', import.meta.url));
    const [code, signal] = await once(
      spawn(process.execPath, [program, store.url(), ws], { stdio: 'inherit' }),
      'exit',
    );
    expect([code, signal]).toEqual([null, 'SIGKILL']);
    await expect(inside((tx) => reserveCall(tx, callOf()))).rejects.toMatchObject({ code: 'budget.exceeded' });
    const state = async () => (await inside((tx) => listCalls(tx, { limit: 9 })))[0]?.state;
    expect(await until(async () => (await state()) === 'unknown', { withinMs: 10_000 })).toBe(true);
    await inside(forget);
    expect((await inside((tx) => tx.db.select().from(modelCall)))[0]).toMatchObject({ state: 'unknown' });
    await expect(inside((tx) => reserveCall(tx, callOf()))).rejects.toMatchObject({ code: 'budget.exceeded' });
    await inside((tx) => settleCall(tx, { id: 'dead', usage: USAGE, cost: dollars('0.01'), responseId: null }));
    await inside((tx) => reserveCall(tx, callOf()));
    expect(await inside(counted)).toBe(dollars('0.11'));
  });

  it('of a model with no known price is refused by a hard budget, and passes a soft one without counting', async () => {
    const { inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('soft', { kind: 'soft', amount: 0n })));
    const call = callOf({ estimate: null });
    expect(await inside((tx) => reserveCall(tx, call))).toEqual({ passed: [] });
    const settled = await inside((tx) => settleCall(tx, { id: call.id, usage: USAGE, cost: null, responseId: null }));
    expect(settled).toMatchObject({ cost: null, usage: USAGE });
    expect(await inside(counted)).toBe(0n);
    await inside((tx) => putBudget(tx, budgetOf('hard')));
    await expect(inside((tx) => reserveCall(tx, callOf({ estimate: null })))).rejects.toMatchObject({
      code: 'budget.unpriced',
      message: expect.stringContaining('BLOK_AI_PRICES'),
    });
  });
});

describe('budgets', () => {
  it('that are soft let calls pass, and say which were passed', async () => {
    const { inside } = fresh();
    await inside((tx) => putBudget(tx, budgetOf('warn', { kind: 'soft', amount: dollars('0.15') })));
    expect(await inside((tx) => reserveCall(tx, callOf()))).toEqual({ passed: [] });
    expect(await inside((tx) => reserveCall(tx, callOf()))).toEqual({ passed: ['warn'] });
  });

  it('of a step count all its attempts, and the calls inside a container together if the author says so', async () => {
    const { inside } = fresh();
    const limit = { amount: dollars('0.25') };
    await inside((tx) => reserveCall(tx, callOf({ limit })));
    await inside((tx) => reserveCall(tx, callOf({ limit, attempt: 2 })));
    await expect(inside((tx) => reserveCall(tx, callOf({ limit, attempt: 3 })))).rejects.toMatchObject({
      message: expect.stringContaining('The limit of this step gives its calls $0.25 in all'),
    });
    await inside((tx) => reserveCall(tx, callOf({ limit, step: 'other' })));
    const within = { ...limit, within: 'agent' };
    await inside((tx) => reserveCall(tx, callOf({ limit: within, step: 'agent[0].ask' })));
    await inside((tx) => reserveCall(tx, callOf({ limit: within, step: 'agent[1].ask' })));
    await expect(inside((tx) => reserveCall(tx, callOf({ limit: within, step: 'agent[2].ask' })))).rejects.toThrow(
      /limit/,
    );
  });

  it('that are set late know what was spent before, and those that are removed count no more', async () => {
    const { inside } = fresh();
    const early = callOf();
    await inside((tx) => reserveCall(tx, early));
    await inside((tx) => settleCall(tx, { id: early.id, usage: USAGE, cost: dollars('0.95'), responseId: null }));
    await inside((tx) => putBudget(tx, budgetOf('late')));
    await expect(inside((tx) => reserveCall(tx, callOf()))).rejects.toMatchObject({ code: 'budget.exceeded' });
    expect(await inside((tx) => deleteBudget(tx, { name: 'late' }))).toBe(true);
    expect(await inside((tx) => deleteBudget(tx, { name: 'late' }))).toBe(false);
    await inside((tx) => reserveCall(tx, callOf()));
    await inside((tx) => putBudget(tx, budgetOf('again', { amount: dollars('1.05') })));
    await inside((tx) => reserveCall(tx, callOf({ estimate: 0n })));
    expect(Object.values(await inside(accounts))).toEqual([dollars('1.05')]);
  });

  it('of a day begin anew at midnight of the workspace’s time zone', async () => {
    const { inside } = fresh();
    const at = (time: string) => inside((tx) => dayOf(tx, time));
    expect(await at('2026-11-27T23:30:00Z')).toBe('2026-11-27');
    await inside((tx) => setTimeZone(tx, { timeZone: 'Europe/Berlin' }));
    expect(await at('2026-11-27T22:59:59.999Z')).toBe('2026-11-27');
    expect(await at('2026-11-27T23:00:00Z')).toBe('2026-11-28');
    // Summer time: the day is 23 hours long.
    expect([
      await at('2026-03-28T23:00:00Z'),
      await at('2026-03-29T21:59:59Z'),
      await at('2026-03-29T22:00:00Z'),
    ]).toEqual(['2026-03-29', '2026-03-29', '2026-03-30']);
    // Whatever time it is, it is another day in each of these: they are 25 hours apart.
    await inside((tx) => putBudget(tx, budgetOf('daily', { amount: dollars('0.10') })));
    const late = callOf();
    await inside((tx) => setTimeZone(tx, { timeZone: 'Pacific/Pago_Pago' }));
    await inside((tx) => reserveCall(tx, late));
    await expect(inside((tx) => reserveCall(tx, callOf()))).rejects.toMatchObject({ code: 'budget.exceeded' });
    await inside((tx) => setTimeZone(tx, { timeZone: 'Pacific/Kiritimati' }));
    await inside((tx) => reserveCall(tx, callOf()));
    // A call counts on the day on which it was reserved.
    await inside((tx) => settleCall(tx, { id: late.id, usage: USAGE, cost: dollars('0.02'), responseId: null }));
    expect(await inside(counted)).toBe(dollars('0.10'));
    expect(new Set(Object.values(await inside(accounts)))).toEqual(new Set([dollars('0.02'), dollars('0.10')]));
  });
});

describe('usage', () => {
  it('is summed by what is asked for, released calls apart', async () => {
    const { inside } = fresh();
    const make = async (more: Partial<CallToReserve>, cost: string | null) => {
      const call = callOf(more);
      await inside((tx) => reserveCall(tx, call));
      const amount = cost === null ? null : dollars(cost);
      await inside((tx) => settleCall(tx, { id: call.id, usage: USAGE, cost: amount, responseId: null }));
    };
    await make({}, '0.000000000003');
    await make({ attempt: 2 }, '0.000000000004');
    await make({ workflow: 'v', model: 'n', connection: null }, null);
    await inside((tx) => reserveCall(tx, callOf()));
    const gone = callOf();
    await inside((tx) => reserveCall(tx, gone));
    await inside((tx) => releaseCall(tx, { id: gone.id }));
    const day = await inside((tx) => dayOf(tx));
    const range = { from: day, to: day };
    const by = await inside((tx) => usageBy(tx, { ...range, by: ['workflow', 'model', 'connection'], limit: 10 }));
    expect(by).toEqual([
      {
        ...{
          workflow: 'v',
          provider: 'openai',
          model: 'n',
          connection: null,
          calls: 1,
          ...USAGE,
          seconds: 0,
          images: 0,
        },
        ...{ cost: 0n, unpriced: 1, estimated: 0, open: 0, reserved: 0n },
      },
      {
        ...{ workflow: 'w', provider: 'openai', model: 'm', connection: 'c', calls: 3, seconds: 0, images: 0 },
        ...{ input: 20, cacheRead: 4, cacheWrite: 2, output: 10, reasoning: 6 },
        ...{ cost: 7n, unpriced: 0, estimated: 0, open: 1, reserved: dollars('0.10') },
      },
    ]);
    expect(await inside((tx) => usageInAll(tx, { ...range, workflow: 'w' }))).toMatchObject({ calls: 3, cost: 7n });
    expect(await inside((tx) => usageInAll(tx, { from: '2020-01-01', to: '2020-01-02' }))).toMatchObject({
      calls: 0,
      cost: 0n,
    });
  });

  it('is of one workspace only', async () => {
    const { inside } = fresh();
    const other = fresh();
    await inside((tx) => putBudget(tx, budgetOf('daily', { amount: dollars('0.10') })));
    await inside((tx) => reserveCall(tx, callOf()));
    await other.inside((tx) => reserveCall(tx, callOf()));
    expect(await other.inside(counted)).toBe(dollars('0.10'));
    expect(await other.inside((tx) => tx.db.select().from(modelCall))).toHaveLength(1);
    expect(await other.inside(accounts)).toEqual({});
  });

  it('is kept for four hundred days', async () => {
    const { inside } = fresh();
    for (const days of [399, 401]) {
      const call = callOf();
      await inside((tx) => reserveCall(tx, call));
      await inside((tx) =>
        tx.db.execute(
          sql`update model_call set day = (now() - make_interval(days => ${days}))::date where id = ${call.id}`,
        ),
      );
    }
    await inside(forget);
    expect(await inside((tx) => tx.db.select().from(modelCall))).toHaveLength(1);
  });
});

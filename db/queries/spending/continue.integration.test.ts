import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseMoney } from '../../../graph/money.ts';
import type { Tenant } from '../../database.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { type CallToReserve, reserveCall } from './reserve.ts';
import { type CallToContinue, continueCall, nameCall, settleCall } from './settle.ts';
import { listCalls, usageInAll } from './usage.ts';

const store = useDatabase();
const USAGE = { input: 10, cacheRead: 2, cacheWrite: 1, output: 5, reasoning: 3 };
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
const begunOf = (responseId: string, more: Partial<CallToContinue>): CallToContinue => ({
  ...{ runId: 'r1', step: 's', attempt: 2, model: 'm', estimate: dollars('0.10'), responseId, leaseSeconds: 60 },
  ...more,
});
/** Each test has a workspace of its own. */
let count = 0;
const fresh = (): { inside: <T>(fn: (tx: Tenant) => Promise<T>) => Promise<T> } => {
  const workspace = `c${++count}`;
  return { inside: (fn) => store.inside(fn, workspace) };
};

describe('a call that an earlier attempt began', () => {
  it('is taken over by a later attempt of the same step that knows the provider’s id', async () => {
    const { inside } = fresh();
    const call = callOf({ leaseSeconds: -1 });
    await inside((tx) => reserveCall(tx, call));
    await inside((tx) => nameCall(tx, { id: call.id, responseId: 'resp_1' }));
    const go = (more: object) => inside((tx) => continueCall(tx, begunOf('resp_1', more)));
    expect(await go({ step: 'other' })).toBeNull();
    expect(await go({ responseId: 'resp_2' })).toBeNull();
    expect(await go({})).toBe(call.id);
    expect((await inside((tx) => listCalls(tx, { limit: 9 })))[0]).toMatchObject({ state: 'reserved' });
  });

  it('is taken over, too, if its worker ended before it was given the provider’s id', async () => {
    const { inside } = fresh();
    const of = (more: Partial<CallToReserve>) => callOf({ leaseSeconds: -1, ...more });
    const [small, large, now] = [of({ estimate: dollars('0.05') }), of({}), of({ attempt: 2 })];
    for (const call of [small, large, of({ model: 'other' }), of({ step: 'other' }), now])
      await inside((tx) => reserveCall(tx, call));
    const go = (responseId: string, estimate: bigint | null) =>
      inside((tx) => continueCall(tx, begunOf(responseId, { estimate })));
    // The same estimate tells calls of one attempt apart; a call of the attempt that goes on is none of them.
    expect(await go('resp_1', dollars('0.05'))).toBe(small.id);
    expect(await go('resp_2', null)).toBe(large.id);
    expect(await go('resp_3', null)).toBeNull();
    expect(await go('resp_1', null)).toBe(small.id);
    for (const { id } of [small, large])
      await inside((tx) => settleCall(tx, { id, usage: USAGE, cost: dollars('0.01'), responseId: null }));
    expect(await inside((tx) => usageInAll(tx, { from: '2000-01-01', to: '2100-01-01' }))).toMatchObject({
      ...{ cost: dollars('0.02'), open: 3, estimated: 0 },
    });
  });

  it('takes over different calls for answers that are continued at the same time', async () => {
    const { inside } = fresh();
    const calls = Array.from({ length: 4 }, () => callOf());
    for (const call of calls) await inside((tx) => reserveCall(tx, call));
    const taken = await Promise.all(
      calls.map((_, index) => inside((tx) => continueCall(tx, begunOf(`resp_${index}`, {})))),
    );
    expect(taken.toSorted()).toEqual(calls.map(({ id }) => id).toSorted());
  });
});

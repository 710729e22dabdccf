/** Long computations over stored data happen in a thread, so that the process goes on. */
import { setImmediate } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { compileValue, newFuel, zoneRules } from '../../graph/expression/index.ts';
import type { Json } from '../../graph/json.ts';
import type { EvaluateInput } from '../../workflows/activities.ts';
import type { EffectResult } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { createBeside } from './beside.ts';
import { type Computation, compute } from './compute.ts';
import { createEvaluate } from './evaluate.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: (i * 7_919) % 2_000, name: `n${i}` }));
const sorted = [...rows].sort((a, b) => a.id - b.id);
const computation = (template: Json, more: { data?: string; scope?: unknown } = {}) => ({
  ...{ template: compileValue(template).template, now: NOW, scope: { input: { rows } } },
  ...more,
});
/** So much that a hundred of them take about a second. */
const HEAVY = '${{ input.rows.map(r => input.rows.slice(0, 15).filter(x => x.id > r.id).length).length }}';
const by = (runId: string) => ({ workspace: 'a', runId });
const given = (one: Computation) => () => Promise.resolve(one);
const signal = () => new AbortController().signal;

/** Does work, and counts how often a timer of ten milliseconds has had its turn meanwhile. */
async function ticksDuring(work: () => Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 10);
  await work().finally(() => clearInterval(timer));
  return ticks;
}

/** The activity, of which nothing is stored. */
function evaluate(input: Pick<EvaluateInput, 'template'> & Partial<EvaluateInput>): Promise<EffectResult> {
  const environment = new MockActivityEnvironment();
  const activity = createEvaluate({} as ActivityDeps);
  const scope = { value: { value: { input: { rows } } } } as never;
  return environment.run(activity, { workspace: 'a', runId: 'r', scope, now: NOW, inline: [], ...input });
}

describe('a computation beside the process', () => {
  const beside = createBeside();

  it.each<[Json, unknown, { data: string }?]>([
    [
      { n: '${{ input.rows.length }}', at: ['${{ now }}'] },
      { n: 2_000, at: [NOW] },
    ],
    ["${{ date.format('2026-02-18T09:05:00Z', 'HH:mm', 'Europe/Berlin') }}", '10:05'],
    [{ items: '${{ input.rows }}', by: [{ key: '${{ item.id }}' }] }, sorted, { data: 'sort' }],
  ])('has the value that it has in the process: %j', async (template, expected, more) => {
    const one = computation(template, more);
    expect(compute(one, newFuel(10_000_000, zoneRules))).toEqual(expected);
    expect(await beside(given(one), by('r'), signal())).toEqual(expected);
  });

  it('has the error that it has in the process', async () => {
    await expect(beside(given(computation('${{ input.none.name }}')), by('r'), signal())).rejects.toMatchObject({
      ...{ name: 'ExpressionError', reason: 'null-read', message: expect.stringContaining('with: Cannot read "name"') },
    });
    await expect(beside(given(computation({ items: 1 }, { data: 'sort' })), by('r'), signal())).rejects.toMatchObject({
      ...{ name: 'DataError', code: 'input.invalid' },
    });
  });

  it('ends when nobody wants it any more, and the next one begins', async () => {
    const stop = new AbortController();
    const heavy = computation(Array.from({ length: 480 }, () => HEAVY));
    const begun = Promise.withResolvers<void>();
    const load = async () => {
      begun.resolve();
      return heavy;
    };
    const long = beside(load, by('long'), stop.signal);
    const next = beside(given(computation('${{ 1 + 1 }}')), by('next'), signal());
    await begun.promise;
    await setImmediate();
    stop.abort(new Error('not wanted'));
    await expect(long).rejects.toThrow('not wanted');
    expect(await next).toBe(2);
  });

  it('waits behind one of each other run at most, and holds no data until then', async () => {
    const order: string[] = [];
    const ask = (runId: string, n: number) => {
      const load = async () => {
        order.push(`${runId}${n}`);
        return computation('${{ 1 }}');
      };
      return beside(load, by(runId), signal());
    };
    await ask('a', 0);
    await Promise.all([ask('a', 1), ask('a', 2), ask('a', 3), ask('b', 1)]);
    expect(order).toEqual(['a0', 'a1', 'b1', 'a2', 'a3']);
  });
});

describe('blokEvaluate', () => {
  it('leaves the process to others while it computes for long', { timeout: 60_000 }, async () => {
    const heavy = Array.from({ length: 100 }, () => HEAVY);
    const { template } = compileValue(heavy);
    let result: EffectResult | undefined;
    const ticks = await ticksDuring(async () => {
      result = await evaluate({ template });
    });
    expect(result).toMatchObject({ output: heavy.map(() => rows.length) });
    expect(ticks).toBeGreaterThan(20);
  });

  it('works through a long list that takes more fuel than the process gives', { timeout: 60_000 }, async () => {
    const long = { input: { rows: Array.from({ length: 100_000 }, (_, i) => i) } };
    const of = '${{ [item, item, item].map(x => x * 2).filter(x => x >= 0).length }}';
    const one = computation(
      { items: '${{ input.rows }}', fields: { n: { op: 'sum', of } } },
      { data: 'aggregate', scope: long },
    );
    expect(() => compute(one, newFuel(2_000_000, zoneRules))).toThrow(expect.objectContaining({ reason: 'fuel' }));
    const { template } = one;
    const scope = { value: { value: long } } as never;
    expect(await evaluate({ template, data: 'aggregate', scope })).toMatchObject({ output: { n: 300_000 } });
  });

  it('says at once that one expression is too much work', async () => {
    const { template } = compileValue('${{ Array.from({ length: 90000 }, (_, i) => i + i + i) }}');
    await expect(evaluate({ template })).rejects.toMatchObject({ type: 'expression' });
  });
});

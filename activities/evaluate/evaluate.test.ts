/** Long computations over stored data happen in a thread, so that the process goes on. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';
import { compileValue, newFuel, zoneRules } from '../../graph/expression/index.ts';
import type { Json } from '../../graph/json.ts';
import type { EvaluateInput } from '../../workflows/activities.ts';
import type { EffectResult } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { createBeside } from './beside.ts';
import { compute } from './compute.ts';
import { createEvaluate } from './evaluate.ts';

const NOW = '2026-01-01T00:00:00.000Z';
const rows = Array.from({ length: 2_000 }, (_, i) => ({ id: (i * 7_919) % 2_000, name: `n${i}` }));
const computation = (template: Json, more: { data?: string; scope?: unknown } = {}) => ({
  ...{ template: compileValue(template).template, now: NOW, scope: { input: { rows } } },
  ...more,
});
/** So much that a hundred of them take about a second. */
const HEAVY = '${{ input.rows.map(r => input.rows.slice(0, 15).filter(x => x.id > r.id).length).length }}';
const asker = (runId: string) => ({ workspace: 'a', runId, work: runId, inCrowd: false });
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

  it('has the value that it has in the process', async () => {
    for (const [template, more] of [
      [{ n: '${{ input.rows.length }}', none: '${{ input.missing }}', at: ['${{ run.now }}'] }],
      ["${{ date.parse(run.now).inZone('Europe/Berlin').format('HH:mm') }}"],
      [{ items: '${{ input.rows }}', by: [{ key: '${{ item.id }}' }] }, { data: 'sort' }],
    ] as [Json, { data?: string }?][]) {
      const one = computation(template, more);
      let here: unknown;
      try {
        here = compute(one, newFuel(10_000_000, zoneRules));
      } catch (error) {
        here = error;
      }
      const there = await beside(one, asker('r'), signal()).catch((error: unknown) => error);
      expect(there).toEqual(here);
    }
  });

  it('has the error that it has in the process', async () => {
    await expect(beside(computation('${{ input.none.name }}'), asker('r'), signal())).rejects.toMatchObject({
      ...{ name: 'ExpressionError', reason: 'null-read', message: expect.stringContaining('with: Cannot read "name"') },
    });
    await expect(beside(computation({ items: 1 }, { data: 'sort' }), asker('r'), signal())).rejects.toMatchObject({
      ...{ name: 'DataError', code: 'input.invalid' },
    });
  });

  it('ends when nobody wants it any more, and the next one begins', async () => {
    const stop = new AbortController();
    const long = beside(computation(Array.from({ length: 480 }, () => HEAVY)), asker('long'), stop.signal);
    const next = beside(computation('${{ 1 + 1 }}'), asker('next'), signal());
    stop.abort(new Error('not wanted'));
    await expect(long).rejects.toThrow('not wanted');
    expect(await next).toBe(2);
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

  it('sorts a long list that takes more fuel than the process gives', { timeout: 60_000 }, async () => {
    const long = Array.from({ length: 100_000 }, (_, i) => (i * 7_919) % 100_000);
    const scope = { value: { value: { input: { rows: long } } } } as never;
    const by = [{ key: '${{ item }}', order: 'desc' }];
    const items = '${{ input.rows }}';
    const last = await evaluate({ template: compileValue({ items, by }).template, data: 'sort', scope }).catch(
      ({ details }) => details?.[0],
    );
    // The list itself would be stored, and there is no store here: it was sorted first.
    expect(last).toMatchObject({ code: expect.not.stringMatching('expression') });
  });

  it('says at once that one expression is too much work', async () => {
    const { template } = compileValue('${{ Array.from({ length: 90000 }, (_, i) => i + i + i) }}');
    await expect(evaluate({ template })).rejects.toMatchObject({ type: 'expression' });
  });
});

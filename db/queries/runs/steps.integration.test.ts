import { beforeAll, describe, expect, it } from 'vitest';
import { runRecord, stepRecord } from '../../testing/records.ts';
import { useDatabase } from '../../testing/tenants.ts';
import { upsertRun } from './record-run.ts';
import { getSteps, hasStepOfType, hasStoredOutput, type StepSelection } from './steps.ts';

const store = useDatabase();
/** JSON of this text takes a thousand bytes. */
const KILOBYTE = 'x'.repeat(998);
const WHOLE = { by: 'end', most: 1_000, bytes: 1_000_000 } as const;

beforeAll(async () => {
  const at = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
  const step = (path: string, second: number) =>
    stepRecord({ path, type: 'kv.get', input: null as never, output: KILOBYTE, endedAt: at(second) });
  const steps = [
    step('each[0].a', 3),
    step('each[0].inner[7].b', 1),
    step('each[0].a.compensate', 5),
    step('each', 4),
    step('first', 0),
    step('last', 6),
  ];
  const other = stepRecord({ path: 'a', output: undefined as never, outputRef: { sha256: 'aa', size: 9 } });
  await store.inside(async (tx) => {
    await upsertRun(tx, runRecord({ runId: 'r1', steps }));
    await upsertRun(tx, runRecord({ runId: 'r2', steps: [other] }));
  });
});

const read = (selection: Partial<StepSelection> = {}) =>
  store.inside(async (tx) => {
    const { steps, more } = await getSteps(tx, { runId: 'r1', ...WHOLE, ...selection });
    return { paths: steps.map(({ path }) => path), more };
  });

describe('getSteps', () => {
  it('reads steps in the order in which they ended, or by path', async () => {
    const paths = ['first', 'each[0].inner[7].b', 'each[0].a', 'each', 'each[0].a.compensate', 'last'];
    expect(await read()).toEqual({ paths, more: false });
    expect(await read({ by: 'path' })).toEqual({ paths: paths.toSorted(), more: false });
  });

  it('stops at a number of steps, and says that there are more', async () => {
    expect(await read({ most: 2 })).toEqual({ paths: ['first', 'each[0].inner[7].b'], more: true });
    expect(await read({ most: 6 })).toMatchObject({ more: false });
  });

  it('stops at a number of bytes, but reads one step, however large it is', async () => {
    expect(await read({ bytes: 2_999 })).toEqual({ paths: ['first', 'each[0].inner[7].b'], more: true });
    expect(await read({ bytes: 6_000 })).toMatchObject({ more: false });
    expect(await read({ bytes: 1 })).toEqual({ paths: ['first'], more: true });
  });

  it('goes on after a path', async () => {
    const [first, ...rest] = (await read({ by: 'path' })).paths;
    expect(await read({ by: 'path', after: first! })).toEqual({ paths: rest, more: false });
    expect(await read({ by: 'path', after: 'last' })).toEqual({ paths: [], more: false });
  });

  it('reads only what is in no loop, undo steps, or what is below containers', async () => {
    expect((await read({ among: 'outside-loops' })).paths).toEqual(['first', 'each', 'last']);
    expect((await read({ among: 'undo' })).paths).toEqual(['each[0].a.compensate']);
    expect((await read({ among: [] })).paths).toEqual([]);
    expect((await read({ among: ['each[0].inner', 'last'] })).paths).toEqual(['each[0].inner[7].b']);
    expect((await read({ among: ['each'] })).paths).toHaveLength(3);
  });

  it('gives each step as it was written', async () => {
    const { steps } = await store.inside((tx) => getSteps(tx, { runId: 'r2', ...WHOLE }));
    expect(steps).toMatchObject([{ path: 'a', output: null, outputRef: { sha256: 'aa', size: 9 } }]);
    const facts = await store.inside((tx) => getSteps(tx, { runId: 'r1', ...WHOLE, reads: 'facts', bytes: 0 }));
    expect([facts.steps.length, facts.more]).toEqual([6, false]);
    expect(facts.steps[0]).not.toHaveProperty('output');
  });
});

it('knows whether a run has a step of a type, and one whose output is stored apart', async () => {
  const type = (runId: string, one: string) => store.inside((tx) => hasStepOfType(tx, { runId, type: one }));
  expect([await type('r1', 'kv.get'), await type('r1', 'respond'), await type('r3', 'kv.get')]).toEqual([
    true,
    false,
    false,
  ]);
  const stored = (runId: string) => store.inside((tx) => hasStoredOutput(tx, { runId }));
  expect([await stored('r1'), await stored('r2')]).toEqual([false, true]);
});

import { describe, expect, it } from 'vitest';
import { compile } from '../compile/index.ts';
import { parseGraph } from '../document/parse.ts';
import { FUEL_PER_ACTIVATION, MAX_RESULT_TEXT } from '../limits.ts';
import { createRun, hasEnded, pump, type Run, settleEvaluation, startRun } from './index.ts';
import { catalogue } from './testing/game.ts';

/** A run that has begun, after its first slice. */
function sliceOf(nodes: object, output: unknown = 1) {
  const { graph } = parseGraph(JSON.stringify({ blok: 1, name: 'hostile', nodes, output }));
  const plan = compile(graph!, catalogue).plan!;
  const facts = { trigger: { id: null }, input: {}, vars: {}, run: { id: 'r' } };
  const run = createRun({ plan, facts, now: 0 });
  startRun(run);
  const wish = pump(run);
  return { run, wish };
}

/** Carries the run on until it has ended: what is stored is used as it is. */
function untilEnded(run: Run): void {
  while (!hasEnded(run)) {
    const kept = run.commands.splice(0).filter((command) => command.do === 'keep');
    for (const { call } of kept) settleEvaluation(run, call.path, { ok: true, value: call.value });
    expect(pump(run) === 'yield' || kept.length > 0 || hasEnded(run)).toBe(true);
  }
}

const failureOf = (nodes: object, output?: unknown): string => {
  const { run } = sliceOf(nodes, output);
  untilEnded(run);
  expect(run.state.error?.code).toBe('expression');
  return run.state.error!.message;
};

const many = (count: number): string => `\${{ Array.from({ length: ${count} }) }}`;
const named = (count: number, value: unknown): object =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));
const endless = (nodes: object): object => ({
  w: { uses: 'while', with: { state: 0, test: true, max: 'unlimited' }, nodes, output: '${{ state + 1 }}' },
});

describe('data nodes', () => {
  it.each([
    [
      'columns that look at every element',
      'aggregate',
      { items: many(100_000), fields: named(10_000, { op: 'count' }) },
    ],
    ['columns that keep every element', 'aggregate', { items: many(100_000), fields: named(10_000, { op: 'list' }) }],
    [
      'columns of many groups',
      'aggregate',
      { items: many(5_000), groupBy: { by: '${{ index }}' }, fields: named(5_000, { op: 'first' }) },
    ],
    [
      'lists that have ended long ago',
      'merge',
      {
        mode: 'position',
        keep: 'all',
        lists:
          '${{ [Array.from({ length: 20000 }).map(x => ({}))].concat(Array.from({ length: 20000 }).map(x => [])) }}',
      },
    ],
  ])('pay for %s', (_which, uses, given) => {
    expect(failureOf({ a: { uses, with: given } })).toContain('too much work');
  });

  it.each([
    ['wide', 60, 500, 200],
    ['very wide', 3_000, 1_000, 1],
  ])('pay for each field of %s elements that they copy', (_which, fields, entries, elements) => {
    const element = { ...named(fields, 1), list: Array.from({ length: entries }, () => 1) };
    const items = `\${{ Array.from({ length: ${elements} }).map(x => nodes.b) }}`;
    const nodes = {
      b: { uses: 'set', with: { value: element } },
      a: { needs: ['b'], uses: 'splitOut', with: { include: 'all', field: 'list', items } },
    };
    const { run } = sliceOf(nodes);
    untilEnded(run);
    expect(run.state.error?.message).toContain('too much work');
  });

  it('do what people need: join five thousand rows of twenty fields', () => {
    const fields = Array.from({ length: 10 }, (_, i) => [`f${i}`, `g${i}`] as const);
    const row = (side: 0 | 1) => `({ id: i, ${fields.map((names) => `${names[side]}: 1`).join(', ')} })`;
    const list = (side: 0 | 1) => `\${{ Array.from({ length: 5000 }).map((x, i) => ${row(side)}) }}`;
    const given = { mode: 'key', key: '${{ item.id }}', lists: [list(0), list(1)] };
    const { run } = sliceOf({ a: { uses: 'merge', with: given } });
    expect(run.commands).toMatchObject([{ do: 'keep' }]);
  });
});

describe('texts that are not in the result', () => {
  const long = "${{ 'x'.repeat(1000000) }}";

  it.each([
    ['a value is counted once', { uses: 'set', with: { value: Array.from({ length: 16 }, () => long) } }],
    [
      'keys of a sort are not counted together',
      { uses: 'sort', with: { items: many(20), by: [{ key: '${{ index }}' }, { key: long }] } },
    ],
  ])('take no room: %s', (_which, node) => {
    const { run } = sliceOf({ node });
    untilEnded(run);
    expect(run.state.status, run.state.error?.message).toBe('succeeded');
  });
});

describe('a value that holds one text many times', () => {
  const shared = "${{ ['x'.repeat(1000000)].flatMap(t => Array.from({ length: 30000 }).map(x => t)) }}";

  it.each([
    ['a value that is kept', { s: { uses: 'set', with: { value: shared } } }],
    ['a logged value', { s: { uses: 'log', with: { message: 'm', data: shared } } }],
    ['a message', { s: { uses: 'fail', with: { code: 'a', message: shared } } }],
    ['an answer', { s: { uses: 'respond', with: { body: shared } } }],
    ['items', { s: { uses: 'forEach', with: { items: shared }, nodes: {} } }],
    ['parameters of an effect', { s: { uses: 't.do', with: { value: shared } } }],
    [
      'several expressions',
      { s: { uses: 'set', with: { value: Array.from({ length: 20 }, () => "${{ 'x'.repeat(1000000) }}") } } },
    ],
    [
      'columns',
      {
        b: { uses: 'set', with: { value: 'x'.repeat(30_000) } },
        s: {
          needs: ['b'],
          uses: 'aggregate',
          with: { items: many(1_000), fields: { c: { op: 'list', of: '${{ nodes.b }}' } } },
        },
      },
    ],
  ])('is refused before it is written: %s', (_which, nodes) => {
    expect(failureOf(nodes)).toContain(`more than ${MAX_RESULT_TEXT} characters together`);
  });

  it('is refused as output of a run', () => {
    expect(failureOf({}, shared)).toContain('characters together');
  });

  it('is refused if its names are long', () => {
    const names = "${{ [({ ['x'.repeat(1000000)]: 1 })].flatMap(t => Array.from({ length: 5000 }).map(x => t)) }}";
    expect(failureOf({ s: { uses: 'set', with: { value: names } } })).toContain('characters together');
  });
});

describe('a slice', () => {
  const constants = Array.from({ length: 100_000 }, () => 1);

  it.each([
    ['compares constants', { s: { uses: 'switch', with: { value: 2, cases: [{ port: 'a', is: constants }] } } }],
    [
      'passes over cases',
      {
        s: {
          uses: 'switch',
          with: { value: 'x', cases: Array.from({ length: 10_000 }, (_, is) => ({ port: `p${is}`, is })) },
        },
      },
    ],
    ['reads a large constant', { s: { uses: 'switch', with: { value: constants, cases: [{ port: 'a', is: 1 }] } } }],
    ['logs a large constant', { s: { uses: 'log', with: { message: 'm', data: constants } } }],
  ])('ends soon when each round %s', (_which, nodes) => {
    const { run, wish } = sliceOf(endless(nodes));
    expect(wish).toBe('yield');
    expect(run.state.ended.length).toBeLessThan(100);
  });

  it('ends when it has skipped some thousand nodes', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 1_990 }, (_, i) => [
        `k${i}`,
        { uses: 'set', if: false, with: { value: 1 }, ...(i > 0 ? { needs: [`k${i - 1}`] } : {}) },
      ]),
    );
    const { run, wish } = sliceOf(endless(chain));
    expect(wish).toBe('yield');
    expect(run.state.ended.length).toBeLessThan(FUEL_PER_ACTIVATION / 50);
  });
});

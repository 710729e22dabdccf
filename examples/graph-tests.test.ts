import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Played, parseSuite, playCase, runSuite, type SuiteResult, withDefaults } from '../graph/cases/index.ts';
import { compile } from '../graph/compile/index.ts';
import { validateText } from '../graph/index.ts';
import { catalogue } from '../integrations/describe.ts';
import { EXAMPLES, graphsOf, loadExamples, readExample } from './testing/case.ts';

const graphs = loadExamples().flatMap(({ name }) => graphsOf(name).map((file) => [name, file] as const));

const testsOf = (file: string): string => file.replace(/\.yaml$/, '.test.yaml');

/** Runs the tests of an example's graph, or of another text of the graph. */
function run(name: string, file = 'graph.yaml', text = readExample(name, file)): SuiteResult {
  const { graph, problems } = validateText(text, { catalogue: catalogue() });
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { suite, source, problems: wrong } = parseSuite(readExample(name, testsOf(file)));
  expect(wrong).toEqual([]);
  const result = runSuite({ suite: suite!, source, graph: graph!, catalogue: catalogue() });
  return result;
}

describe('the graph tests of the examples', () => {
  it.each(graphs)('%s/%s has tests, and they pass', (name, file) => {
    expect(existsSync(join(EXAMPLES, name, testsOf(file)))).toBe(true);
    const { results, problems } = run(name, file);
    expect(problems).toBeUndefined();
    expect(results!.flatMap(({ differences }) => differences)).toEqual([]);
  });
});

/** What all tests of an example's graph do. */
function playAll(name: string, file: string): Played[] {
  const { graph } = validateText(readExample(name, file), { catalogue: catalogue() });
  const { suite } = parseSuite(readExample(name, testsOf(file)));
  const { plan } = compile(graph!, catalogue());
  return suite!.cases.map((one) =>
    playCase({ graph: graph!, plan: plan!, catalogue: catalogue() }, withDefaults(one, suite!.defaults)),
  );
}

describe('the graph tests of all examples together', () => {
  // Counted, not timed: `npm run bench -- tests` measures how long they take.
  it('stay cheap', () => {
    const played = graphs.flatMap(([name, file]) => playAll(name, file));
    expect(played.length).toBeGreaterThan(50);
    const each = (costOf: (one: Played) => number) => played.reduce((sum, one) => sum + costOf(one), 0) / played.length;
    // Half a second of work would be ten million: `FUEL_PER_CASE` says what fuel is.
    expect(each(({ fuel }) => fuel)).toBeLessThan(4_000);
    expect(each(({ steps }) => steps.length)).toBeLessThan(15);
  });
});

/** A mistake that somebody could make: the example, what its graph says, and what it would say instead. */
const MISTAKES: readonly (readonly [what: string, example: string, from: string, to: string])[] = [
  ['a wrong condition', 'expense-approval', 'input.amount < 100', 'input.amount <= 100'],
  ['swapped branches', 'github-push', 'needs: [main.true]', 'needs: [main.false]'],
  ['a condition turned round', 'price-watch', '>= vars.percent', '< vars.percent'],
  [
    'a fall that is no move',
    'price-watch',
    'Math.abs(nodes.price.body.usd / nodes.last.value - 1)',
    '(nodes.price.body.usd / nodes.last.value - 1)',
  ],
  ['too few attempts', 'flaky-service', 'maxAttempts: 5', 'maxAttempts: 4'],
  ['a failure that is no longer handled', 'merge-customers', 'onError: continue, ', ''],
  ['a failure that everybody must handle', 'nightly-report', ', onItemError: continue', ''],
  [
    'a wrong field',
    'book-trip',
    'nodes.flight.body.price + nodes.hotel.body.price',
    'nodes.flight.body.price + nodes.flight.body.price',
  ],
  ['one round too few', 'render-poll', 'max: 500', 'max: 2'],
  ['a pause that grows from the second round only', 'render-poll', '2 ** index', '2 ** Math.max(0, index - 1)'],
  [
    'a lost undo',
    'book-trip',
    `    compensate:
      uses: http.request
      with: { method: DELETE, url: "\${{ vars.world }}/bookings/hotels/\${{ run.id }}" }
`,
    '',
  ],
  [
    'an undo of the wrong thing',
    'book-trip',
    'with: { method: DELETE, url: "${{ vars.world }}/bookings/hotels',
    'with: { method: DELETE, url: "${{ vars.world }}/bookings/flights',
  ],
  ['too little time to decide', 'expense-approval', 'timeout: 3d', 'timeout: 1d'],
  ['the wrong key of an event', 'order-race', 'event: order.paid, key: "${{ input.orderId }}"', 'event: order.paid'],
  ['the wrong list', 'nightly-report', 'r => r?.sent).length }}"\n  revenue', 'r => r != null).length }}"\n  revenue'],
  ['a guard that is gone', 'nightly-report', '        if: "${{ nodes.orders.body.length > 0 }}"\n', ''],
  ['a clean-up that is gone', 'import-file', 'remove: { uses: file.delete', 'remove: { uses: file.read'],
  ['a catch that takes everything', 'import-file', `      if: "\${{ error.code.startsWith('code.') }}"\n`, ''],
  ['the wrong way to sort', 'csv-report', 'order: desc', 'order: asc'],
  ['the wrong branch of a switch', 'github-push', '{ port: release, is: tags }', '{ port: release, is: tag }'],
  ['a wait that is too short', 'reminder-90-days', 'after: 90d', 'after: 9d'],
  ['an answer with the wrong status', 'signed-order', 'status: 201', 'status: 200'],
];

describe('a mistake planted in a graph is found by its tests', () => {
  it.each(MISTAKES)('%s (%s)', (_what, name, from, to) => {
    const text = readExample(name, 'graph.yaml');
    expect(text.split(from).length).toBeGreaterThan(1);
    const { results = [], problems = [] } = run(
      name,
      'graph.yaml',
      text.replace(from, () => to),
    );
    const found = [...problems, ...results.flatMap(({ differences }) => differences)];
    expect(found.length).toBeGreaterThan(0);
    for (const { line } of found) expect(line).toBeGreaterThan(0);
  });
});

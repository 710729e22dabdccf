/** Runs that cost their neighbours as much as they can, each in a way of its own. */
import type { Json, JsonObject } from '../../graph/json.ts';

/** What is started at once: graphs, and the input of each. */
export interface Flood {
  readonly name: string;
  readonly runs: readonly { readonly graph: JsonObject; readonly input?: Json }[];
}

const graph = (name: string, nodes: JsonObject, more: JsonObject = {}): JsonObject => ({
  blok: 1,
  name: `flood-${name}`,
  execution: 'durable',
  nodes,
  output: 1,
  ...more,
});

const items = (count: number): string => `\${{ Array.from({ length: ${count} }) }}`;
const SET = { uses: 'set', with: { value: 1 } };
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** The floods, by name. `outside`: address of the service that steps call. */
export function floodsOn(outside: string): Flood[] {
  const slow = { uses: 'http.request', timeout: '30s', with: { url: `${outside}/delay/20000` } };
  const quick = { uses: 'http.request', with: { url: `${outside}/echo` } };
  const calls = (name: string) =>
    graph(name, { e: { uses: 'forEach', with: { items: items(300), concurrency: 100 }, nodes: { c: slow } } });
  const script = {
    uses: 'code.javascript',
    retry: { maxAttempts: 1 },
    with: { source: 'for (;;) {}', timeout: '9s' },
  };
  const scripts = (name: string) =>
    graph(name, {
      e: {
        uses: 'forEach',
        onError: 'continue',
        with: { items: items(12), concurrency: 12, onItemError: 'continue' },
        nodes: { c: script },
      },
    });
  const nodes = (count: number, node: JsonObject) => Object.fromEntries(times(count, (i) => [`n${i}`, node]));
  const endless = (name: string, loop: JsonObject) =>
    graph(
      name,
      { w: { uses: 'while', with: { state: 0, test: true, max: 'unlimited' }, nodes: { s: SET }, ...loop } },
      { timeout: '20s' },
    );
  const burning = `\${{ input.rows.reduce((a, r) => ({ ...a, [r]: 1 }), {}) != null }}`;
  return [
    { name: '100 slow calls', runs: [{ graph: calls('calls') }] },
    { name: '4 runs of 100 slow calls', runs: times(4, (i) => ({ graph: calls(`calls${i}`) })) },
    { name: '1,900 slow calls', runs: [{ graph: graph('wide-slow', nodes(1_900, slow)) }] },
    { name: '12 long scripts', runs: [{ graph: scripts('scripts') }] },
    { name: '4 runs of 12 long scripts', runs: times(4, (i) => ({ graph: scripts(`scripts${i}`) })) },
    {
      name: '12 runs of a long script',
      runs: times(12, (i) => ({ graph: graph(`script${i}`, { c: { ...script, onError: 'continue' } }) })),
    },
    { name: '1,900 steps', runs: [{ graph: graph('wide', nodes(1_900, quick)) }] },
    {
      name: '1,900 scripts',
      runs: [{ graph: graph('wide-scripts', nodes(1_900, { ...script, with: { source: 'return 1' } })) }],
    },
    { name: 'an endless loop', runs: [{ graph: endless('spin', { output: '${{ state + 1 }}' }) }] },
    {
      name: 'a loop that burns its fuel',
      runs: [
        {
          graph: endless('fuel', { with: { state: 0, test: burning, max: 'unlimited' }, output: '${{ state + 1 }}' }),
          input: { rows: times(1_500, (i) => `k${i}`) },
        },
      ],
    },
    {
      name: '100,000 items',
      runs: [
        {
          graph: graph(
            'items',
            { e: { uses: 'forEach', with: { items: items(100_000), concurrency: 100 }, nodes: { s: SET } } },
            { timeout: '20s' },
          ),
        },
      ],
    },
    {
      name: 'megabytes in variables',
      runs: [
        {
          graph: endless('fat', {
            with: { state: '', test: true, max: 'unlimited' },
            nodes: { s: { uses: 'set', with: { value: "${{ 'x'.repeat(1000000) }}" } } },
            output: '${{ nodes.s }}',
          }),
        },
      ],
    },
  ];
}

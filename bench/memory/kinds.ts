/** One kind of run whose memory is measured once nothing moves any more. */
export interface Held {
  readonly name: string;
  readonly graph: string;
  readonly count: number;
  /** Longer timers than this do not fire. */
  readonly seconds: number;
}

const graph = (nodes: object): string => JSON.stringify({ blok: 1, name: 'memory', nodes });

const wait = (needs: readonly string[] = []) => ({ uses: 'waitForEvent', needs, with: { event: 'go' } });

/** Nodes `n0` to `n…`, each after the one before. */
const chain = (count: number, node: object) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`n${i}`, { ...node, ...(i > 0 ? { needs: [`n${i - 1}`] } : {}) }]),
  );

const side = (count: number, node: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, node]));

const each = (concurrency: number, node: object) => ({
  uses: 'forEach',
  with: { items: '${{ Array.from({ length: 500 }) }}', concurrency },
  nodes: { w: node },
});

const get = { uses: 'http.request', with: { url: 'https://service.example/things' } };
const text = (length: number) => ({ uses: 'set', with: { value: `\${{ 'x'.repeat(${length}) }}` } });

export const KINDS: readonly Held[] = [
  { name: 'waits for an event', graph: graph({ w: wait() }), count: 500, seconds: 60 },
  {
    name: 'waits after ten calls with answers of 1 KB',
    graph: graph({ ...chain(10, get), w: wait(['n9']) }),
    count: 300,
    seconds: 60,
  },
  {
    name: 'has 100 waits of an hour at the same time',
    graph: graph(side(100, { uses: 'wait', with: { for: '1h' } })),
    count: 50,
    seconds: 60,
  },
  {
    name: 'is in 500 items of a loop at the same time',
    graph: graph({ e: each(500, { uses: 'wait', with: { for: '1h' } }) }),
    count: 20,
    seconds: 60,
  },
  {
    name: 'has made 100 values of 100 KB each',
    graph: graph({ ...side(100, text(100_000)), w: wait() }),
    count: 50,
    seconds: 60,
  },
  {
    name: 'has made 1,900 values of 1 KB each',
    graph: graph({ ...side(1_900, text(1_000)), w: wait() }),
    count: 20,
    seconds: 60,
  },
];

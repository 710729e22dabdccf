import type { HistoryCase } from './history-case.ts';

/** How runs and bodies end whose steps failed or took too long, and what is stopped and undone with them. */
export const FAILURE_CASES: readonly HistoryCase[] = [
  {
    name: 'undone-together',
    graph: `
nodes:
  t:
    uses: try
    nodes: { k: { uses: test.echo, with: { value: 1 }, compensate: { uses: test.echo } } }
    finally: { nodes: { z: { uses: wait, with: { for: 2s } } } }
  w: { uses: wait, with: { for: 300ms } }
  n: { uses: test.echo, needs: [w], with: { value: 2 }, compensate: { uses: test.echo } }
  w2: { uses: wait, needs: [n], with: { for: 300ms } }
  f: { uses: fail, needs: [w2], with: { code: own.bad, message: no } }
`,
  },
  {
    name: 'first-failure',
    graph: `
nodes:
  e:
    uses: forEach
    timeout: 1s
    with: { items: [1, 2, 3], batch: 2, concurrency: 2 }
    nodes:
      w: { uses: wait, with: { for: 300ms } }
      f: { uses: fail, needs: [w], with: { code: own.bad, message: no } }
      b: { uses: test.slow, with: { ms: 2000, listens: false }, compensate: { uses: test.echo } }
  h: { uses: set, needs: [e.error], with: { value: "\${{ error.code }}" } }
  end: { uses: stop, needs: [h], with: { output: "\${{ nodes.h }}" } }
  never: { uses: test.echo, needs: [h], with: { value: 1 } }
`,
  },
  {
    name: 'many-in-flight',
    graph: `
timeout: 1s
nodes:
${Array.from({ length: 20 }, (_, i) => `  n${i}: { uses: test.slow, with: { ms: 5000 } }`).join('\n')}
`,
  },
];

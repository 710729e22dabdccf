import type { HistoryCase } from './history-case.ts';

const told = { id: 'e1', name: 'go', data: 1, at: '2026-01-01T00:00:00.000Z' };

/** Recordings of runs that compute for long or hold a lot. */
export const BOUND_CASES: readonly HistoryCase[] = [
  {
    name: 'busy-loop',
    act: (handle) => handle.executeUpdate('tell', { args: [told] }),
    graph: `
nodes:
  go: { uses: waitForEvent, with: { event: go } }
  first:
    uses: while
    timeout: 1s
    onError: continue
    with: { state: 0, test: true, max: unlimited }
    nodes: { s: { uses: set, with: { value: "\${{ Array.from({ length: 40000 }).length }}" } } }
    output: "\${{ state + 1 }}"
  sent: { uses: test.echo, needs: [go], with: { value: "\${{ nodes.go.data }}" } }
  end: { uses: stop, needs: [first, sent], join: all, with: { output: "\${{ nodes.sent.value }}" } }
  second: { uses: while, needs: [first], with: { state: 0, test: true, max: unlimited }, nodes: {}, output: "\${{ state + 1 }}" }
`,
  },
  {
    name: 'many-scripts',
    graph: `
nodes:
  each:
    uses: forEach
    with: { items: "\${{ Array.from({ length: 60 }) }}", concurrency: 60 }
    nodes: { s: { uses: test.queued, with: { value: 1 } } }
output: "\${{ nodes.each.count }}"
`,
  },
  {
    name: 'room',
    graph: `
nodes:
  quick:
    uses: forEach
    with: { items: "\${{ Array.from({ length: 65 }) }}", concurrency: 65 }
    nodes: { s: { uses: test.echo, with: { value: 1 } } }
  slow:
    uses: forEach
    needs: [quick]
    with: { items: "\${{ Array.from({ length: 65 }) }}", concurrency: 65 }
    nodes: { s: { uses: test.slow, with: { ms: 1500 } } }
output: "\${{ nodes.slow.count }}"
`,
  },
  {
    name: 'kept-values',
    graph: `
nodes:
  long: { uses: set, with: { value: "\${{ 'x'.repeat(40000) }}" } }
  each:
    uses: forEach
    needs: [long]
    with: { items: "\${{ Array.from({ length: 40 }) }}", concurrency: 40 }
    nodes:
      s: { uses: set, with: { value: "\${{ 'y'.repeat(40000 + index) }}" } }
      e: { uses: test.echo, needs: [s], with: { value: "\${{ nodes.s.length }}" } }
    output: "\${{ 'z'.repeat(2000) + nodes.e.value }}"
  loop:
    uses: while
    needs: [each]
    with: { state: "", test: "\${{ state.length < 80000 }}" }
    nodes: {}
    output: "\${{ state + 'z'.repeat(40000) }}"
  end: { uses: test.echo, needs: [loop], with: { value: "\${{ nodes.long.length + nodes.each.count }}" } }
output: "\${{ nodes.end.value }}"
`,
  },
];

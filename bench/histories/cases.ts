/** Small graphs whose runs are recorded: at least one per container and control node. */
import type { WorkflowHandle } from '@temporalio/client';
import { BOUND_CASES } from './bound-cases.ts';
import { expect } from './expect.ts';
import { FAILURE_CASES } from './failure-cases.ts';
import type { HistoryCase } from './history-case.ts';

const waitsAt = (handle: WorkflowHandle, step: string) =>
  expect(async () =>
    ((await handle.query('ask')) as { waits: { step: string }[] }).waits.some((wait) => wait.step === step),
  );
const isCalling = (handle: WorkflowHandle) =>
  expect(async () =>
    (await handle.fetchHistory()).events!.some((each) => each.startChildWorkflowExecutionInitiatedEventAttributes),
  );
/** Whether the child workflows of a run have begun. */
const hasChildren = (handle: WorkflowHandle, count: number) =>
  expect(async () => {
    const { events } = await handle.fetchHistory();
    return events!.filter((each) => each.childWorkflowExecutionStartedEventAttributes).length === count;
  });
const event = (id: string, data: unknown) => ({ id, name: 'paid', key: 'o-1', data, at: new Date().toISOString() });

export const CASES: readonly HistoryCase[] = [
  {
    name: 'data',
    input: {
      rows: [
        { id: 2, tag: 'b' },
        { id: 1, tag: 'a' },
        { id: 2, tag: 'c' },
      ],
    },
    graph: `
nodes:
  first: { uses: set, with: { value: "\${{ input.rows }}" } }
  some: { uses: filter, needs: [first], with: { items: "\${{ nodes.first }}", test: "\${{ item.id > 0 }}" } }
  order: { uses: sort, needs: [some], with: { items: "\${{ nodes.some }}", by: [{ key: "\${{ item.id }}" }] } }
  once: { uses: removeDuplicates, needs: [order], with: { items: "\${{ nodes.order }}", by: "\${{ item.id }}" } }
  top: { uses: limit, needs: [once], with: { items: "\${{ nodes.once }}", count: 1 } }
  sum: { uses: aggregate, needs: [some], with: { items: "\${{ nodes.some }}", fields: { total: { op: sum, of: "\${{ item.id }}" } } } }
  both: { uses: merge, needs: [top, sum], join: all, with: { mode: append, lists: ["\${{ nodes.top }}", ["\${{ nodes.sum }}"]] } }
  say: { uses: log, needs: [both], with: { message: "\${{ nodes.both.length }}" } }
  keep: { uses: test.echo, label: Keep, needs: [say], with: { value: "\${{ nodes.both }}" } }
output: "\${{ nodes.keep.value }}"
`,
  },
  {
    name: 'if-switch',
    input: { kind: 'b', n: 3 },
    graph: `
nodes:
  big: { uses: if, with: { test: "\${{ input.n > 2 }}" } }
  yes: { uses: test.echo, needs: [big.true], with: { value: yes } }
  no: { uses: test.echo, needs: [big.false], with: { value: no } }
  route: { uses: switch, needs: [yes, no], with: { value: "\${{ input.kind }}", cases: [{ port: a, is: a }, { port: b, when: "\${{ input.kind == 'b' }}" }] } }
  a: { uses: test.echo, needs: [route.a], with: { value: a } }
  b: { uses: test.echo, needs: [route.b], with: { value: b } }
  rest: { uses: test.echo, needs: [route.default], with: { value: rest } }
`,
  },
  {
    name: 'parallel-join',
    graph: `
nodes:
  a: { uses: test.echo, with: { value: 1 } }
  b: { uses: test.slow, with: { ms: 30 } }
  c: { uses: test.echo, priority: 1, with: { value: 3 } }
  all: { uses: test.echo, needs: [a, b, c], join: all, with: { value: "\${{ [nodes.a.value, nodes.c.value] }}" } }
  guarded: { uses: test.echo, needs: [all], if: "\${{ nodes.all.value.length > 5 }}" }
`,
  },
  {
    name: 'on-error',
    graph: `
nodes:
  bad: { uses: test.flaky, with: { failures: 9, permanent: true } }
  handled: { uses: test.echo, needs: [bad.error], with: { value: "\${{ error.code }}" } }
  worse: { uses: test.flaky, onError: continue, with: { failures: 9, permanent: true } }
  late: { uses: test.slow, timeout: 100ms, retry: { maxAttempts: 1 }, with: { ms: 5000 } }
  after: { uses: test.echo, needs: [late.timeout], with: { value: late } }
`,
  },
  {
    name: 'for-each',
    input: [1, 2, 3, 4],
    graph: `
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", concurrency: 2, onItemError: continue }
    nodes:
      one: { uses: test.echo, with: { value: "\${{ item * 2 }}" } }
      three: { uses: fail, needs: [one], if: "\${{ item == 3 }}", with: { code: is.three, message: "three" } }
    output: "\${{ nodes.one.value }}"
output: "\${{ nodes.each }}"
`,
  },
  {
    name: 'for-each-chain',
    input: Array.from({ length: 520 }, (_, i) => i),
    children: ['/each~0', '/each~1'],
    graph: `
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", concurrency: 2, batch: 1 }
    nodes:
      gate: { uses: if, with: { test: "\${{ index % 200 == 7 }}" } }
      one: { uses: test.echo, needs: [gate.true], with: { value: "\${{ item }}" } }
    output: "\${{ index }}"
output: "\${{ nodes.each.count }}"
`,
  },
  {
    name: 'for-each-pause',
    input: Array.from({ length: 520 }, (_, i) => i),
    children: ['/each~0'],
    act: async (handle) => {
      await hasChildren(handle, 2);
      await handle.executeUpdate('pause');
      await handle.executeUpdate('resume');
    },
    graph: `
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", concurrency: 2 }
    nodes:
      gate: { uses: if, with: { test: "\${{ index % 260 == 7 }}" } }
      slow: { uses: test.slow, needs: [gate.true], with: { ms: 2000 } }
      then: { uses: test.echo, needs: [slow], compensate: { uses: test.echo } }
output: "\${{ nodes.each.count }}"
`,
  },
  {
    name: 'while',
    graph: `
nodes:
  poll:
    uses: while
    with: { state: 0, test: "\${{ state < 3 }}" }
    nodes:
      rest: { uses: wait, with: { for: 10ms } }
      next: { uses: test.echo, needs: [rest], with: { value: "\${{ state + 1 }}" } }
    output: "\${{ nodes.next.value }}"
output: "\${{ nodes.poll }}"
`,
  },
  {
    name: 'race',
    graph: `
nodes:
  first:
    uses: race
    nodes:
      quick: { uses: test.slow, with: { ms: 50 } }
      slow: { uses: test.slow, with: { ms: 20000 }, compensate: { uses: test.echo, with: { value: undone } } }
      never: { uses: wait, with: { for: 1h } }
      paid: { uses: waitForEvent, with: { event: paid } }
  won: { uses: test.echo, needs: [first.quick], with: { value: "\${{ nodes.first.winner }}" } }
`,
  },
  {
    name: 'try-catch-finally',
    graph: `
nodes:
  load:
    uses: try
    timeout: 1m
    nodes:
      open: { uses: test.echo, with: { value: open } }
      bad: { uses: fail, needs: [open], with: { code: no.good, message: "no good" } }
    catch:
      if: "\${{ error.code.startsWith('no.') }}"
      nodes:
        tell: { uses: test.echo, with: { value: "\${{ error.message }}" } }
      output: "\${{ nodes.tell.value }}"
    finally:
      nodes:
        close: { uses: test.echo, with: { value: close } }
output: "\${{ nodes.load }}"
`,
  },
  {
    name: 'wait',
    graph:
      'nodes: { pause: { uses: wait, with: { for: 200ms } }, past: { uses: wait, with: { until: "2020-01-01T00:00:00Z" } } }',
  },
  {
    name: 'wait-for-event',
    act: async (handle) => {
      await handle.signal('event', event('e1', { first: true }));
      await waitsAt(handle, 'second');
      await handle.signal('event', event('e1', { again: true }));
      await handle.signal('event', { ...event('e2', { other: true }), key: 'o-2' });
      await handle.executeUpdate('tell', { args: [{ ...event('e3', { told: true }), key: 'whatever' }] });
    },
    graph: `
nodes:
  first: { uses: waitForEvent, timeout: 1h, with: { event: paid, key: o-1 } }
  second: { uses: waitForEvent, needs: [first], with: { event: paid, key: o-1 } }
output: ["\${{ nodes.first.data }}", "\${{ nodes.second.data }}"]
`,
  },
  {
    name: 'approval-notify',
    act: async (handle) => {
      await waitsAt(handle, 'lead');
      await handle.executeUpdate('approve', {
        args: [{ step: 'lead', decision: 'approved', by: 'ann', comment: 'ok' }],
      });
    },
    graph: `
nodes:
  lead:
    uses: approval
    timeout: 2d
    with: { to: ["role:lead"], title: Pay? }
    notify: { uses: test.echo, with: { value: "\${{ resume.url.length > 0 }}" } }
  pay: { uses: test.echo, needs: [lead.approved], with: { value: "\${{ nodes.lead.by }}" } }
  no: { uses: test.echo, needs: [lead.rejected, lead.timeout], with: { value: no } }
`,
  },
  {
    name: 'respond',
    graph:
      'nodes: { answer: { uses: respond, with: { status: 201, body: { ok: true } } }, then: { uses: test.echo, needs: [answer], with: { value: 1 } } }',
  },
  {
    name: 'workflow-run',
    children: ['called'],
    graph: `
nodes:
  call: { uses: workflow.run, with: { workflow: called, input: { n: 4 } } }
  start: { uses: workflow.run, needs: [call], with: { workflow: called, input: { n: 5 }, wait: false } }
output: "\${{ nodes.call }}"
`,
  },
  {
    // Some of the called runs are being prepared, some are being started, and some have started.
    name: 'workflow-run-cancelled',
    act: (handle) => isCalling(handle).then(() => handle.cancel()),
    graph: `
nodes:
  each: { uses: forEach, with: { items: [1, 2, 3, 4, 5, 6, 7, 8], concurrency: 8 }, nodes: { call: { uses: workflow.run, with: { workflow: called, input: { n: 1 } } } } }
  slow: { uses: test.slow, with: { ms: 20000 } }
`,
  },
  {
    name: 'stop',
    graph: `
nodes:
  busy: { uses: test.slow, with: { ms: 20000 } }
  a: { uses: test.echo, with: { value: 1 } }
  enough: { uses: stop, needs: [a], with: { output: "\${{ nodes.a.value }}" } }
`,
  },
  {
    name: 'fail',
    graph:
      'nodes: { a: { uses: test.echo, with: { value: 1 } }, no: { uses: fail, needs: [a], with: { code: not.now, message: "Not now", details: { why: x } } } }',
  },
  {
    name: 'compensate',
    graph: `
nodes:
  flight: { uses: test.echo, with: { value: flight }, compensate: { uses: test.echo, with: { value: "\${{ nodes.flight.value }}" } } }
  hotel: { uses: test.echo, needs: [flight], with: { value: hotel }, compensate: { uses: test.flaky, with: { failures: 9, permanent: true } } }
  pay: { uses: test.flaky, needs: [hotel], with: { failures: 9, permanent: true } }
`,
  },
  {
    name: 'retry',
    graph: 'nodes: { flaky: { uses: test.flaky, with: { failures: 2 } } }',
  },
  {
    name: 'back-off',
    cut: true,
    act: (handle) => waitsAt(handle, 'flaky'),
    graph:
      'nodes: { flaky: { uses: test.flaky, retry: { maxAttempts: 5, delay: 15m, maxDelay: 1h }, timeout: 30d, with: { failures: 9 } } }',
  },
  {
    name: 'continue-as-new',
    short: true,
    input: 7,
    act: async (handle) => {
      await waitsAt(handle, 'paid');
      await expect(
        async () =>
          (await handle.describe()).runId !== (handle as { firstExecutionRunId?: string }).firstExecutionRunId,
      );
      await handle.signal('event', event('e1', { amount: 5 }));
    },
    graph: `
nodes:
  paid: { uses: waitForEvent, timeout: 10d, with: { event: paid, key: o-1 } }
  long: { uses: wait, with: { for: 4s } }
  poll:
    uses: while
    with: { state: 0, test: "\${{ state < 12 }}" }
    nodes:
      next: { uses: test.echo, with: { value: "\${{ state + 1 }}" } }
    output: "\${{ nodes.next.value }}"
  end: { uses: test.echo, needs: [paid, long, poll], join: all, with: { value: "\${{ nodes.paid.data.amount + nodes.poll + input }}" } }
output: "\${{ nodes.end.value }}"
`,
  },
  {
    name: 'pause-resume',
    act: async (handle) => {
      await waitsAt(handle, 'go');
      await handle.executeUpdate('pause');
      await handle.signal('event', { ...event('e1', 1), name: 'go' });
      await handle.executeUpdate('resume');
    },
    graph:
      'nodes: { go: { uses: waitForEvent, with: { event: go } }, then: { uses: test.echo, needs: [go], with: { value: "${{ nodes.go.data }}" } } }',
  },
  {
    name: 'cancel',
    act: async (handle) => {
      await waitsAt(handle, 'tidy.hold');
      await handle.cancel();
    },
    graph: `
nodes:
  book: { uses: test.echo, with: { value: book }, compensate: { uses: test.echo, with: { value: unbook } } }
  tidy:
    uses: try
    needs: [book]
    nodes: { hold: { uses: wait, with: { for: 1h } } }
    finally: { nodes: { sweep: { uses: test.echo, with: { value: sweep } } } }
`,
  },
  {
    name: 'graph-timeout',
    graph: 'timeout: 300ms\nnodes: { hold: { uses: wait, with: { for: 1h } } }',
  },
  {
    name: 'references',
    graph: `
nodes:
  data: { uses: test.big, with: { kb: 40, n: 3 } }
  inline: { uses: if, needs: [data], with: { test: "\${{ nodes.data.n == 3 }}" } }
  loaded: { uses: set, needs: [inline.true], with: { value: "\${{ nodes.data.text.length }}" } }
  deferred: { uses: test.count, needs: [loaded], with: { of: "\${{ nodes.data.text.slice(0, 10) }}" } }
  each: { uses: forEach, needs: [deferred], with: { items: "\${{ nodes.data.list }}" }, nodes: { one: { uses: test.echo, with: { value: "\${{ item }}" } } }, output: "\${{ nodes.one.value }}" }
output: { length: "\${{ nodes.loaded }}", count: "\${{ nodes.deferred.count }}", each: "\${{ nodes.each.results }}" }
`,
  },
  {
    name: 'zones',
    input: { at: '2026-03-28T12:00:00Z', mail: 'Wed, 21 Oct 2015 07:28:00 GMT' },
    graph: `
nodes:
  past: { uses: wait, with: { until: "\${{ date.next(input.at, '08:00', 'Europe/Berlin') }}" } }
  day: { uses: if, needs: [past], with: { test: "\${{ date.get(input.at, 'weekday', 'Asia/Tokyo') == 6 }}" } }
  parts: { uses: set, needs: [day.true], with: { value: "\${{ regex.match(date.format(input.mail, 'GGGG-[W]WW'), '(.+)-(.+)') }}" } }
  keep: { uses: test.echo, needs: [parts], with: { value: "\${{ date.iso(input.at, 'Europe/Berlin') }}" } }
output: { kept: "\${{ nodes.keep.value }}", parts: "\${{ nodes.parts }}", there: "\${{ date.format(input.at, 'HH:mm', 'Europe/Berlin') }}" }
`,
  },
  {
    name: 'large-input',
    input: 'y'.repeat(300),
    graph: `
nodes:
  wide: { uses: set, with: { value: "\${{ input.repeat(900) }}" } }
  sent: { uses: test.count, needs: [wide], with: { of: "\${{ nodes.wide }}" } }
output: "\${{ nodes.sent.count }}"
`,
  },
  {
    name: 'local',
    graph: `
nodes:
  a: { uses: test.echo, dispatch: local, timeout: 1s, with: { value: 1 } }
  b: { uses: test.echo, dispatch: local, timeout: 1s, with: { value: 2 } }
  c: { uses: test.echo, dispatch: local, timeout: 1s, needs: [a, b], join: all, with: { value: "\${{ nodes.a.value + nodes.b.value }}" } }
`,
  },
  ...FAILURE_CASES,
  ...BOUND_CASES,
  {
    name: 'concurrency',
    graph: 'concurrency: { limit: 1, onLimit: queue }\nnodes: { a: { uses: test.echo, with: { value: 1 } } }',
  },
  {
    name: 'rate-limit',
    second: true,
    input: { customer: 'ann' },
    graph: `
concurrency: { limit: 1 }
rateLimit: { key: "\${{ input.customer }}", limit: 1, per: 3s }
nodes: { a: { uses: test.echo, with: { value: 1 } } }
`,
  },
];

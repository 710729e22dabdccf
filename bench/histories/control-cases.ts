import type { WorkflowHandle } from '@temporalio/client';
import { expect } from './expect.ts';
import type { HistoryCase } from './history-case.ts';

interface View {
  readonly steps: readonly { readonly path: string; readonly status: string }[];
  readonly waits: readonly { readonly step: string }[];
}

const ask = (handle: WorkflowHandle): Promise<View> => handle.query('ask');
const waitsAt = (handle: WorkflowHandle, step: string) =>
  expect(async () => (await ask(handle)).waits.some((wait) => wait.step === step));
const runs = (handle: WorkflowHandle, path: string) =>
  expect(async () => (await ask(handle)).steps.some((step) => step.path === path && step.status === 'running'));
const operate = (handle: WorkflowHandle, id: string, what: string, step: string, more: object = {}) =>
  handle.executeUpdate('operate', { args: [{ id, do: what, step, ...more }], updateId: `operate-${id}` });

/** Recordings of what operators do, and of a run that takes over steps of another. */
export const CONTROL_CASES: readonly HistoryCase[] = [
  {
    name: 'operated',
    graph: `
nodes:
  again: { uses: test.flaky, timeout: 5h, retry: { maxAttempts: 3, delay: 20m, maxDelay: 20m }, with: { failures: 1 } }
  slow: { uses: test.slow, with: { ms: 600000 } }
  beside: { uses: test.slow, with: { ms: 300 } }
  time: { uses: wait, needs: [again, slow, beside], join: all, with: { for: 30d } }
  event: { uses: waitForEvent, needs: [time], with: { event: never } }
  late: { uses: waitForEvent, needs: [event], timeout: 30d, with: { event: never } }
  end: { uses: test.echo, needs: [late.timeout], with: { value: "\${{ [nodes.slow, nodes.event.data] }}" } }
output: "\${{ nodes.end.value }}"
`,
    act: async (handle) => {
      await waitsAt(handle, 'again');
      await runs(handle, 'slow');
      await operate(handle, 'o1', 'skip', 'slow', { output: { ms: 0 } });
      await operate(handle, 'o2', 'retry', 'again');
      await waitsAt(handle, 'time');
      await operate(handle, 'o3', 'complete', 'time');
      await waitsAt(handle, 'event');
      await operate(handle, 'o4', 'complete', 'event', { output: { paid: true } });
      await waitsAt(handle, 'late');
      await operate(handle, 'o5', 'timeOut', 'late');
    },
  },
  {
    name: 'taken-over',
    input: { n: 1 },
    taken: {
      steps: {
        a: { status: 'succeeded', port: 'out', output: { value: 7 }, endedAt: '2026-01-01T00:00:00.000Z', undo: true },
        bad: {
          status: 'failed',
          error: { code: 'test.failed', message: 'no', step: 'bad', node: 'bad', attempts: 3, unknown: false },
        },
        'each[0].s': { status: 'succeeded', port: 'out', output: { value: 10 } },
      },
    },
    graph: `
nodes:
  a: { uses: test.echo, compensate: { uses: test.echo, with: { value: "\${{ nodes.a.value }}" } } }
  bad: { uses: test.flaky, needs: [a], with: { failures: 9 } }
  handled: { uses: test.echo, needs: [bad.error], with: { value: "\${{ error.code }}" } }
  each:
    uses: forEach
    needs: [handled]
    with: { items: [1, 2] }
    nodes: { s: { uses: test.echo, with: { value: "\${{ item }}" } } }
    output: "\${{ nodes.s.value }}"
  end: { uses: fail, needs: [each], with: { code: own.end, message: "\${{ JSON.stringify(nodes.each.results) }}" } }
`,
  },
];

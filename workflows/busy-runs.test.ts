/**
 * However a run computes without end, it hears of a cancel, a timer and a message while it does: the product's workflow
 * code on a fake Temporal.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../integrations/describe.ts';
import { startInputOf } from '../worker/testing/graph-worker.ts';
import { type RunRecord, type RunResult, SIGNAL_EVENT, workflowType } from './contract.ts';
import { drawFrom } from './testing/draw.ts';
import { fakeStore } from './testing/fake-store.ts';
import { fakeTemporal } from './testing/fake-temporal.ts';
import { payloadOf } from './testing/payload.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';

/** More activations than any of these runs needs. */
const MOST_MOVES = 60;

const ROUND = "test: true, max: unlimited }, output: '${{ state + 1 }}'";
const endless = (nodes: string, more = '') => `{ uses: while, ${more} with: { state: 0, ${ROUND}, nodes: ${nodes} }`;
const SET = '{ s: { uses: set, with: { value: 1 } } }';
const SPIN = endless(SET);

/** Work that never ends and has no effect. */
const ENDLESS: Record<string, string> = {
  'a loop': `l: ${SPIN}`,
  'a loop without nodes': `l: ${endless('{}')}`,
  'a loop in a loop': `l: ${endless(`{ i: ${SPIN} }`)}`,
  'three loops side by side': `a: ${SPIN}\n  b: ${SPIN}\n  c: ${SPIN}`,
  'items in a loop': `l: ${endless('{ e: { uses: forEach, with: { items: [1, 2, 3], concurrency: 2 }, nodes: { s: { uses: log, with: { message: x } } } } }')}`,
  'failures in a loop': `l: ${endless('{ t: { uses: try, nodes: { f: { uses: fail, with: { code: a.b } } }, catch: { nodes: {} } } }')}`,
  'waits of no time in a loop': `l: ${endless('{ w: { uses: wait, with: { for: 0s } } }')}`,
  'a branch of a race': `r: { uses: race, nodes: { l: ${SPIN}, w: { uses: wait, with: { for: 90d } } } }`,
  'the body of a try': `t: { uses: try, nodes: { l: ${SPIN} }, finally: { nodes: ${SET} } }`,
  'the catch of a try': `t: { uses: try, nodes: { f: { uses: fail, with: { code: a.b } } }, catch: { nodes: { l: ${SPIN} } } }`,
  'the items of a long loop': `e: { uses: forEach, with: { items: "\${{ Array.from({ length: 501 }) }}", concurrency: 2 }, nodes: { l: ${SPIN} } }`,
  'a loop whose state is long': `l: { uses: while, with: { state: "", ${ROUND.replace('state + 1', 'state.slice(0, 20000).padEnd(20000)')}, nodes: {} }`,
};

describe('a run that computes without end', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await openSandbox(['blokRecord', 'blokWaits', 'blokStore', 'blokSteps', 'blokPage']);
  }, 120_000);

  const kinds = Object.entries(ENDLESS);
  /** A run whose child workflows compute only waits itself: it needs the server's timer. */
  const own = kinds.filter(([kind]) => kind !== 'the items of a long loop');
  /** Two are enough where the kind of loop makes no difference. */
  const some = kinds.slice(0, 2);

  it.each(own)(
    'ends by the timeout of its graph, although no timer of the server tells it to: %s',
    async (_kind, nodes) => {
      const run = begin(sandbox, nodes, { timeout: '2s', longestTimerMs: 1_500 });
      expect((await run.end()).status).toBe('timed-out');
      expect(run.elapsed()).toBeLessThan(5_000);
    },
  );

  it.each(kinds)('is cancelled: %s', async (_kind, nodes) => {
    const run = begin(sandbox, nodes);
    await run.moves(6);
    run.cancel();
    expect((await run.end()).status).toBe('cancelled');
  });

  it.each(some)('is paused, and cancelled then: %s', async (_kind, nodes) => {
    const run = begin(sandbox, nodes);
    await run.moves(6);
    run.pause();
    await run.moves(MOST_MOVES);
    expect(await run.isIdle()).toBe(true);
    run.cancel();
    expect((await run.end()).status).toBe('cancelled');
  });

  it.each(some)('takes an event: %s', async (_kind, nodes) => {
    const run = begin(
      sandbox,
      `${nodes}\n  e: { uses: waitForEvent, with: { event: go } }\n  x: { uses: stop, needs: [e] }`,
    );
    await run.moves(6);
    run.event('go');
    expect((await run.end()).status).toBe('succeeded');
  });

  it.each(some)('goes on in a new execution: %s', async (_kind, nodes) => {
    const run = begin(sandbox, nodes, { timeout: '10m', suggestsOneIn: 3 });
    await run.moves(20);
    expect(run.executions()).toBeGreaterThan(2);
    run.cancel();
    expect((await run.end()).status).toBe('cancelled');
  });

  it('lets a container fail by its own timeout, and goes on', async () => {
    const nodes = `t: { uses: try, timeout: 2s, nodes: { l: ${SPIN} }, catch: { if: "\${{ error.code == 'timeout' }}", nodes: {} } }
  w: ${endless(SET, 'timeout: 2s, onError: continue, ')}
  e: { uses: forEach, timeout: 2s, onError: continue, with: { items: [1, 2], concurrency: 2 }, nodes: { l: ${SPIN} } }`;
    const run = begin(sandbox, nodes, { longestTimerMs: 1_500 });
    expect((await run.end()).status).toBe('succeeded');
  });

  it('is decided by a short branch of its race', async () => {
    const run = begin(sandbox, `r: { uses: race, nodes: { l: ${SPIN}, w: { uses: wait, with: { for: 1s } } } }`);
    expect((await run.end()).status).toBe('succeeded');
  });

  it('in versions before 3 heard of nothing', async () => {
    const run = begin(sandbox, ENDLESS['a loop']!, { timeout: '3s', version: 2 });
    run.cancel();
    await run.moves(12);
    expect(run.status()).toBe('open');
  });
});

interface Options {
  readonly timeout?: string;
  readonly longestTimerMs?: number;
  readonly suggestsOneIn?: number;
  readonly version?: number;
}

/** A run under the control of a test. What is on its way arrives in a drawn order. */
function begin(sandbox: Sandbox, nodes: string, options: Options = {}) {
  const { timeout, longestTimerMs = 60_000, suggestsOneIn = 0, version } = options;
  const text = `blok: 1\nname: busy\n${timeout ? `timeout: ${timeout}\n` : ''}nodes:\n  ${nodes}`;
  const records: RunRecord[] = [];
  const executions = new Set<unknown>();
  const draw = drawFrom(1);
  const store = fakeStore();
  const temporal = fakeTemporal(sandbox, {
    draw,
    longestTimerMs,
    taskMs: 250,
    suggestsOneIn,
    sink: (name, input: never) => void (name === 'close' && records.push(input)),
    answer: (type, input) => ({ output: store.answer(type, input) ?? null }),
  });
  const start = startInputOf(text, catalogue(), version === undefined ? {} : { interpreterVersion: version });
  temporal.start(workflowType('busy'), 'busy', start);
  const chain = temporal.chains.get('busy')!;
  const move = async (): Promise<boolean> => {
    executions.add(chain.current);
    return chain.status === 'open' && (await temporal.step());
  };
  const moves = async (count: number): Promise<void> => {
    for (let n = 0; n < count && (await move()); n++);
  };
  return {
    moves,
    cancel: () => temporal.cancel('busy'),
    pause: () => temporal.pause('busy'),
    event: (name: string) =>
      temporal.signal('busy', SIGNAL_EVENT, payloadOf({ id: name, name, data: null, at: '2030-01-01T00:00:00.000Z' })),
    status: () => chain.status,
    isIdle: async () => !(await move()),
    elapsed: () => temporal.now() - temporal.began,
    executions: () => executions.size,
    end: async (): Promise<Pick<RunResult, 'status'>> => {
      await moves(MOST_MOVES);
      await temporal.dispose();
      return records[0] ?? { status: 'running' };
    },
  };
}

/** What can be done to runs, each with a run that it can be done to, and what becomes of it if it is done once. */
import { expect } from 'vitest';
import type { WireRun } from '../../runs/schema.ts';
import { type Answer, type Operators, sure } from './operators.ts';

/** One control, in one of the ways in which it can be asked for. */
export interface ControlCase {
  /** Id of its route. */
  readonly route: string;
  /** Which way, if there are several. */
  readonly way?: string;
  /** Starts a run, and waits until it is where the control makes sense. Its id. */
  begin(at: Operators): Promise<string>;
  request(id: string): { readonly method?: string; readonly path: string; readonly body: object };
  /** What must have come of it, however often it was sent under the same key. */
  check(at: Operators, id: string, answers: readonly Answer[]): Promise<void>;
}

/** Fails once; its next attempt would come in minutes, so that Temporal waits with it. */
const FLAKY = `nodes: { f: { uses: test.flaky, timeout: 5h, retry: { maxAttempts: 5, delay: 5m, maxDelay: 5m }, with: { failures: 1 } } }
output: "\${{ nodes.f }}"`;
const WAIT = 'nodes: { w: { uses: wait, with: { for: 30d } } }';
const EVENT = `nodes:
  e: { uses: waitForEvent, timeout: 30d, with: { event: paid } }
  late: { uses: set, needs: [e.timeout], with: { value: late } }
output: "\${{ [nodes.e?.data, nodes.late] }}"`;
const TWO_EVENTS = `nodes:
  first: { uses: waitForEvent, with: { event: paid } }
  second: { uses: waitForEvent, needs: [first], with: { event: paid } }`;
const APPROVAL = `nodes: { a: { uses: approval, with: { to: ["role:x"], title: t } } }
output: "\${{ nodes.a.decision }}"`;
const CHAIN = `nodes:
  a: { uses: test.echo, with: { value: "\${{ input.n }}" } }
  b: { uses: test.echo, needs: [a], with: { value: "\${{ nodes.a.value + 1 }}" } }
output: "\${{ nodes.b.value }}"`;
/** Fails, so that it can be repeated with others. */
const FAILED = 'nodes: { no: { uses: fail, with: { code: made.up, message: no } }, k: { uses: test.echo } }';

const attempts = (at: Operators, id: string): number[] =>
  at.calls.filter((call) => call.runId === id).map(({ attempt }) => attempt);
const steps = (at: Operators, id: string): string[] =>
  at.calls.filter((call) => call.runId === id).map(({ step }) => step);
const pendingOf = async (at: Operators, id: string) => (await at.send('GET', `/api/runs/${id}/steps/f`)).body.pending;

const waiting =
  (graph: string) =>
  async (at: Operators): Promise<string> => {
    const id = await at.start(graph);
    await at.sees(id, ({ waits }) => waits.length > 0);
    return id;
  };

async function retrying(at: Operators): Promise<string> {
  const id = await at.start(FLAKY);
  await sure(async () => (await pendingOf(at, id))?.nextAttemptAt != null);
  return id;
}

const over =
  (graph: string, input: unknown = { n: 1 }) =>
  async (at: Operators): Promise<string> => {
    const id = await at.start(graph, input);
    await at.ended(id);
    return id;
  };

const ofStep =
  (step: string, verb: string, body: object = {}, method?: string) =>
  (id: string) => ({
    path: `/api/runs/${id}/steps/${step}/${verb}`,
    body,
    ...(method !== undefined && { method }),
  });
const ofRun =
  (verb: string, body: object = {}) =>
  (id: string) => ({ path: `/api/runs/${id}/${verb}`, body });

/** The run ends like this. */
const ends =
  (like: object) =>
  async (at: Operators, id: string): Promise<void> => {
    expect(await at.ended(id)).toMatchObject(like);
  };

/** All answers name the same new run. It ends like this, and has executed these steps. */
const makesOne =
  (like: object, executed?: readonly string[]) =>
  async (at: Operators, id: string, answers: readonly Answer[]): Promise<void> => {
    const [made, ...others] = [...new Set(answers.map(({ body }) => (body.run ?? body).id as string))];
    expect(others).toEqual([]);
    expect(made).not.toBe(id);
    expect(await at.ended(made!)).toMatchObject(like);
    if (executed) expect(steps(at, made!).sort()).toEqual([...executed].sort());
  };

const repeated = (way: string, body: object, like: object, executed: readonly string[]): ControlCase => ({
  ...{ route: 'rerunRun', way, begin: over(CHAIN), request: ofRun('rerun', body) },
  check: async (at, id, answers) => makesOne({ ...like, replayedFrom: id }, executed)(at, id, answers),
});

/** A run with a label of its own: a bulk request can mean it, and no other one. */
const labelled =
  (begin: (at: Operators) => Promise<string>) =>
  async (at: Operators): Promise<string> => {
    const id = await begin(at);
    await at.send('PUT', `/api/runs/${id}/labels`, { labels: [`only-${id}`] });
    return id;
  };

const bulk = (action: string, begin: ControlCase['begin'], check: ControlCase['check']): ControlCase => ({
  ...{ route: 'bulkRuns', way: action, begin: labelled(begin) },
  request: (id) => ({ path: '/api/runs/bulk', body: { action, filter: { label: `only-${id}` }, expected: 1 } }),
  check: async (at, id, answers) => {
    // Whoever comes second may find that no run matches any more.
    expect(answers.map(({ body }) => body.done ?? body.code)).toContain(1);
    await check(at, id, answers);
  },
});

const VERSIONED = 'versioned';

/** Every control. A route that is missing here fails the test. */
export const CASES: readonly ControlCase[] = [
  {
    ...{ route: 'retryStep', begin: retrying, request: ofStep('f', 'retry') },
    check: async (at, id) => {
      await ends({ status: 'succeeded', output: { attempt: 2 } })(at, id);
      expect(attempts(at, id)).toEqual([1, 2]);
    },
  },
  {
    ...{ route: 'skipStep', begin: retrying, request: ofStep('f', 'skip', { output: { attempt: 7 } }) },
    check: async (at, id) => {
      await ends({ status: 'succeeded', output: { attempt: 7 } })(at, id);
      expect(attempts(at, id)).toEqual([1]);
    },
  },
  {
    ...{ route: 'completeWait', begin: waiting(EVENT), request: ofStep('e', 'complete', { data: { sum: 7 } }) },
    check: ends({ status: 'succeeded', output: [{ sum: 7 }, null] }),
  },
  {
    ...{ route: 'timeOutWait', begin: waiting(EVENT), request: ofStep('e', 'timeout') },
    check: ends({ status: 'succeeded', output: [null, 'late'] }),
  },
  {
    ...{ route: 'pauseStep', begin: retrying, request: ofStep('f', 'pause') },
    check: async (at, id) => {
      await sure(async () => (await pendingOf(at, id))?.state === 'paused');
      expect(attempts(at, id)).toEqual([1]);
    },
  },
  {
    route: 'unpauseStep',
    begin: async (at) => {
      const id = await retrying(at);
      await at.send('POST', `/api/runs/${id}/steps/f/pause`, {});
      return id;
    },
    request: ofStep('f', 'unpause'),
    check: async (at, id) => {
      await ends({ status: 'succeeded', output: { attempt: 2 } })(at, id);
      expect(attempts(at, id)).toEqual([1, 2]);
    },
  },
  {
    ...{ route: 'resetStep', begin: retrying, request: ofStep('f', 'reset') },
    check: async (at, id) => {
      // Its first attempt, once more: it fails again, and the one after it would come in minutes.
      await sure(async () => attempts(at, id).length > 1 && (await pendingOf(at, id))?.nextAttemptAt != null);
      expect(attempts(at, id)).toEqual([1, 1]);
    },
  },
  {
    ...{ route: 'changeStep', begin: retrying, request: ofStep('f', 'options', { maxAttempts: 9 }, 'PATCH') },
    check: async (at, id) => {
      expect((await pendingOf(at, id)).maxAttempts).toBe(9);
      expect(attempts(at, id)).toEqual([1]);
    },
  },
  {
    ...{ route: 'pauseRun', begin: waiting(WAIT), request: ofRun('pause') },
    check: async (at, id) => void (await at.sees(id, ({ status }) => status === 'paused')),
  },
  {
    route: 'resumeRun',
    begin: async (at) => {
      const id = await waiting(WAIT)(at);
      await at.send('POST', `/api/runs/${id}/pause`, {});
      return id;
    },
    request: ofRun('resume'),
    check: async (at, id) => void (await at.sees(id, ({ status }) => status === 'waiting')),
  },
  { route: 'cancelRun', begin: waiting(WAIT), request: ofRun('cancel'), check: ends({ status: 'cancelled' }) },
  { route: 'terminateRun', begin: waiting(WAIT), request: ofRun('terminate'), check: ends({ status: 'terminated' }) },
  {
    route: 'labelRun',
    begin: waiting(WAIT),
    request: (id) => ({ method: 'PUT', path: `/api/runs/${id}/labels`, body: { labels: ['a', 'b'] } }),
    check: async (_at, _id, answers) => {
      for (const { body } of answers) expect(body.labels.sort()).toEqual(['a', 'b']);
    },
  },
  {
    route: 'tellRun',
    begin: waiting(TWO_EVENTS),
    request: ofRun('tell', { name: 'paid', data: 1 }),
    // The second wait has not taken the same event.
    check: async (at, id) => {
      const { waits, steps } = await at.sees(id, (run) => run.steps.some(({ status }) => status === 'succeeded'));
      expect(waits.map(({ step }) => step)).toEqual(['second']);
      expect(steps.find(({ path }) => path === 'first')).toMatchObject({ output: { data: 1 } });
    },
  },
  {
    route: 'decideApproval',
    begin: waiting(APPROVAL),
    request: ofRun('approvals/a', { decision: 'approved', by: 'ada' }),
    check: async (at, id, answers) => {
      await ends({ status: 'succeeded', output: 'approved' })(at, id);
      // An approval is decided once: whoever comes second is told so.
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    },
  },
  repeated('the whole run', {}, { status: 'succeeded', output: 2 }, ['a', 'b']),
  repeated('from a step', { from: 'b' }, { status: 'succeeded', output: 2 }, ['b']),
  repeated('another input', { input: { n: 5 } }, { status: 'succeeded', output: 6 }, ['a', 'b']),
  repeated('other outputs', { from: 'b', outputs: { a: { value: 8 } } }, { status: 'succeeded', output: 9 }, ['b']),
  repeated(
    'another graph',
    { from: 'b', graph: `blok: 1\nname: operated\n${CHAIN.replace('+ 1', '+ 100')}` },
    { status: 'succeeded', output: 101 },
    ['b'],
  ),
  {
    route: 'rerunRun',
    way: 'another version',
    begin: async (at) => {
      await at.publish(VERSIONED, CHAIN);
      await at.publish(VERSIONED, CHAIN.replace('+ 1', '+ 10'));
      const { body } = await at.send('POST', `/api/workflows/${VERSIONED}/runs`, { input: { n: 1 } });
      await at.ended(body.id);
      return body.id;
    },
    request: ofRun('rerun', { version: 1 }),
    check: async (at, id, answers) => makesOne({ status: 'succeeded', output: 2, version: 1 })(at, id, answers),
  },
  bulk('cancel', waiting(WAIT), ends({ status: 'cancelled' })),
  bulk('terminate', waiting(WAIT), ends({ status: 'terminated' })),
  bulk('rerun', over(FAILED), async (at, id) => {
    const started = async () => (await at.send('GET', '/api/runs?limit=200')).body.items as WireRun[];
    const whole = await Promise.all((await started()).map((run) => at.run(run.id)));
    expect(whole.filter(({ replayedFrom }) => replayedFrom === id)).toHaveLength(1);
  }),
  {
    route: 'runGraph',
    way: 'a part of a draft, with pins',
    begin: async () => 'none',
    request: () => ({
      path: '/api/runs',
      body: { graph: `blok: 1\nname: drafted\n${CHAIN}`, from: 'b', pins: { a: { value: 4 } } },
    }),
    check: makesOne({ status: 'succeeded', output: 5 }, ['b']),
  },
  {
    route: 'startRun',
    begin: async (at) => {
      await at.publish('started', CHAIN);
      return 'none';
    },
    request: () => ({ path: '/api/workflows/started/runs', body: { input: { n: 1 } } }),
    check: makesOne({ status: 'succeeded', output: 2 }, ['a', 'b']),
  },
];

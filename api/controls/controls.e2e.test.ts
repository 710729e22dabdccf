/** What operators do to live runs: on a real Temporal, twice at once at two API processes, and across a restart of the worker. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { RunsError } from '../runs-port.ts';
import { type Operators, startOperators, sure } from './testing/operators.ts';

describeWith(['temporal'], 'operators’ controls', () => {
  let at: Operators;
  beforeAll(async () => {
    at = await startOperators();
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => at?.dispose());

  const step = (id: string, path: string, verb: string) => `/api/runs/${id}/steps/${path}/${verb}`;
  const attempts = (id: string) => at.calls.filter((call) => call.runId === id).length;

  /** Fails `failures` times; the next attempt would come much later. */
  const flaky = (failures: number, delay: string) =>
    `nodes: { f: { uses: test.flaky, timeout: 5h, retry: { maxAttempts: 5, delay: ${delay}, maxDelay: ${delay} }, with: { failures: ${failures} } } }\noutput: "\${{ nodes.f }}"`;

  /** A step that has failed once, and whose next attempt Temporal holds: the call alone does not say that it has failed. */
  const retrying = async (): Promise<string> => {
    const id = await at.start(flaky(1, '5m'));
    await sure(async () => (await at.send('GET', `/api/runs/${id}/steps/f`)).body.pending?.nextAttemptAt != null);
    return id;
  };

  it('make the next attempt of a step now, while Temporal waits with it', async () => {
    const id = await retrying();
    const answers = await at.twice(step(id, 'f', 'retry'), { reason: 'it is back' });
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect([200, 409]).toContain(statuses[1]);
    expect(await at.ended(id)).toMatchObject({ status: 'succeeded', output: { attempt: 2 } });
    expect(attempts(id)).toBe(2);
  });

  it('make it now also if a request beside it has paused the step and was lost', async () => {
    const id = await retrying();
    const [lost, beside] = at.ports.map(({ activities }) => activities);
    const [pause, pauseBeside] = [lost!.pause, beside!.pause];
    // Both have seen that the step waits before either of them pauses it.
    const first = vi.spyOn(lost!, 'pause').mockImplementation(async (...given) => {
      await sure(async () => second.mock.calls.length > 0);
      return pause(...given);
    });
    const second = vi.spyOn(beside!, 'pause').mockImplementation(async (...given) => {
      await sure(async () => first.mock.settledResults[0]?.type === 'fulfilled');
      return pauseBeside(...given);
    });
    vi.spyOn(lost!, 'unpause').mockRejectedValue(new RunsError('temporal.unavailable', 'Temporal does not answer.'));
    const answers = await at.twice(step(id, 'f', 'retry'), {});
    expect(answers.map(({ status }) => status)).toEqual([503, 200]);
    expect(await at.ended(id)).toMatchObject({ status: 'succeeded', output: { attempt: 2 } });
  });

  it('make it once, and say so, if Temporal’s answer was lost and the client asked again', async () => {
    const id = await retrying();
    const { activities } = at.ports[0]!;
    const { unpause } = activities;
    vi.spyOn(activities, 'unpause').mockImplementation(async (...given) => {
      await unpause(...given);
      await at.ended(id);
      return unpause(...given);
    });
    expect(await at.send('POST', step(id, 'f', 'retry'), {})).toMatchObject({ status: 200, body: { outcome: 'done' } });
    expect(attempts(id)).toBe(2);
  });

  it('make it now while the run itself waits with it, also with another worker', async () => {
    const id = await at.start(flaky(1, '1h'));
    await at.sees(id, ({ waits }) => waits.some(({ kind }) => kind === 'retry'));
    await at.restartWorker();
    const [one, other] = await at.twice(step(id, 'f', 'retry'), {}, 'retry-1');
    expect([one!.status, other!.status]).toEqual([200, 200]);
    expect(await at.ended(id)).toMatchObject({ status: 'succeeded', output: { attempt: 2 } });
    expect(attempts(id)).toBe(2);
  });

  it('skip a step that is running, and leave the steps beside it alone', async () => {
    const id = await at.start(
      'nodes:\n  s: { uses: test.slow, with: { ms: 600000 } }\n  beside: { uses: test.slow, with: { ms: 1500 } }\n  after: { uses: test.echo, needs: [s], with: { value: "${{ nodes.s.ms }}" } }\noutput: "${{ [nodes.after.value, nodes.beside.ms] }}"',
    );
    await sure(async () => attempts(id) === 2);
    const answers = await at.twice(step(id, 's', 'skip'), { output: { ms: 7 } });
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('step.notOpen');
    const ended = await at.ended(id);
    expect(ended).toMatchObject({ status: 'succeeded', output: [7, 1500] });
    const { body } = await at.send('GET', `/api/runs/${id}/controls`);
    expect(body.items.map(({ action, by, outcome }: Record<string, string>) => [action, by, outcome]).sort()).toEqual([
      ['skip', 'owner', 'done'],
      ['skip', 'owner', 'step.notOpen'],
    ]);
  });

  it('complete and time out waits, once for each key', async () => {
    const id = await at.start(`nodes:
  t: { uses: wait, with: { for: 30d } }
  e: { uses: waitForEvent, needs: [t], with: { event: never } }
  a: { uses: approval, needs: [e], with: { to: ["role:x"], title: t } }
  l: { uses: waitForEvent, needs: [a.approved], timeout: 30d, with: { event: never } }
  late: { uses: set, needs: [l.timeout], with: { value: late } }
output: "\${{ [nodes.e.data, nodes.a.by, nodes.late] }}"`);
    const waits = (path: string) => at.sees(id, (run) => run.waits.some((wait) => wait.step === path));
    await waits('t');
    const same = await at.twice(step(id, 't', 'complete'), {}, 'once');
    expect(same.map(({ status }) => status)).toEqual([200, 200]);
    expect(same[0]!.body.id).toBe(same[1]!.body.id);
    expect((await at.send('POST', step(id, 't', 'timeout'), {}, { key: 'once' })).body.code).toBe(
      'idempotency.mismatch',
    );
    await waits('e');
    await at.restartWorker();
    expect((await at.send('POST', step(id, 'e', 'complete'), { data: { paid: true } })).status).toBe(200);
    await waits('a');
    expect((await at.send('POST', step(id, 'a', 'complete'), { data: 'maybe' })).body.code).toBe('output.invalid');
    expect((await at.send('POST', step(id, 'a', 'complete'), { data: 'approved' })).status).toBe(200);
    await waits('l');
    expect((await at.send('POST', step(id, 'l', 'timeout'), {})).status).toBe(200);
    expect(await at.ended(id)).toMatchObject({ status: 'succeeded', output: [{ paid: true }, 'owner', 'late'] });
    expect((await at.send('POST', step(id, 'l', 'timeout'), {})).body.code).toBe('run.ended');
  });

  it('pause a step, change it, and let it go on', async () => {
    // Long enough for a busy machine: the run must not end before it is paused.
    const id = await at.start(flaky(3, '30s'));
    await sure(async () => attempts(id) === 1);
    const paused = await at.twice(step(id, 'f', 'pause'), {}, 'p');
    expect(paused.map(({ status, body }) => [status, body.code])).toEqual(Array(2).fill([200, undefined]));
    const then = attempts(id);
    const options = { maxAttempts: 9, delay: '100ms', maxDelay: '100ms' };
    expect((await at.send('PATCH', step(id, 'f', 'options'), options)).status).toBe(200);
    // Longer than the delay that it has now: no attempt begins while it is paused.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(attempts(id)).toBeLessThanOrEqual(then + 1);
    expect((await at.send('POST', step(id, 'f', 'unpause'), {})).status).toBe(200);
    expect(await at.ended(id)).toMatchObject({ status: 'succeeded', output: { attempt: 4 } });
  });

  it('let a running attempt end while its step is paused, and stop it when the step is reset', async () => {
    const graph =
      'nodes: { s: { uses: test.slow, retry: { maxAttempts: 2, attemptTimeout: 2m }, with: { ms: 5000 } } }';
    const paused = await at.start(graph);
    await sure(async () => attempts(paused) === 1);
    expect((await at.send('POST', step(paused, 's', 'pause'), {})).status).toBe(200);
    expect(await at.ended(paused)).toMatchObject({ status: 'succeeded' });
    expect(attempts(paused)).toBe(1);
    const reset = await at.start(graph.replace('ms: 5000', 'ms: 8000'));
    await sure(async () => attempts(reset) === 1);
    expect((await at.send('POST', step(reset, 's', 'reset'), {})).status).toBe(200);
    const ended = await at.ended(reset);
    expect(ended).toMatchObject({ status: 'succeeded' });
    expect(
      at.calls.filter((call) => call.runId === reset).map(({ attempt, done }) => [attempt, done ?? false]),
    ).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  it('terminate a run with what it calls: nothing is undone, and it shows at once', async () => {
    await at.publish('called', 'nodes: { w: { uses: wait, with: { for: 30d } } }');
    const id = await at.start(`nodes:
  k: { uses: test.echo, compensate: { uses: test.echo } }
  c: { uses: workflow.run, needs: [k], with: { workflow: called } }`);
    await at.sees(id, ({ steps }) => steps.some(({ path, status }) => path === 'c' && status === 'waiting'));
    const answers = await at.twice(`/api/runs/${id}/terminate`, { reason: 'no longer wanted' });
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect((await at.run(id)).status).toBe('terminated');
    expect((await at.run(id)).error).toMatchObject({ code: 'terminated', message: 'owner: no longer wanted' });
    const called = (await at.send('GET', '/api/runs?workflow=called')).body.items[0].id as string;
    await sure(async () => (await at.ports[0]!.called(id)).length === 0);
    expect((await at.send('GET', `/api/runs/${called}`)).status).toBe(200);
    expect(at.done(id)).toEqual(['k']);
  });

  it('are not needed for it to show: a run that somebody ends in Temporal is closed by the next round', async () => {
    const id = await at.start('nodes: { w: { uses: wait, with: { for: 30d } } }');
    await at.sees(id, ({ waits }) => waits.length > 0);
    const since = new Date();
    await at.endInTemporal(id, 'by hand');
    const run = await sure(async () => {
      await at.closeEnded(since);
      const now = await at.run(id);
      return now.status === 'terminated' && now;
    });
    expect(run.error).toMatchObject({ code: 'terminated', message: 'by hand' });
  });
});

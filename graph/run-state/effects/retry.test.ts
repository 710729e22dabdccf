import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

const busy = (attempt: number, more = {}) => ({ retryable: true, attempt, ...more });

describe('back-off', () => {
  it("of up to ten minutes in all is left to Temporal's own retries", () => {
    const game = play('nodes: { a: { uses: t.do, retry: { maxAttempts: 5, delay: 2s, factor: 2, maxDelay: 1m } } }');
    expect(game.call('a')).toMatchObject({ id: 'a', attemptsBefore: 0, attempts: 5, delayMs: 2_000 });
    game.bad('a', 'http.503', busy(5));
    expect(game.error).toMatchObject({ code: 'http.503', attempts: 5 });
  });

  it('of more than that is a timer of the interpreter, followed by another activity of the same step', () => {
    const game = play(
      'nodes: { a: { uses: t.do, with: { x: 1 }, timeout: 5h, retry: { maxAttempts: 4, delay: 8m, factor: 2, maxDelay: 1h } } }',
    );
    expect(game.call('a')).toMatchObject({ attempts: 2, delayMs: 480_000, timeoutMs: 18_000_000 });
    game.pass('8m').bad('a', 'busy', busy(2));
    expect([game.pending, game.timers(), game.run.state.inFlight]).toEqual([[], ['a~retry'], 0]);
    expect(game.waits).toMatchObject([
      {
        step: 'a',
        kind: 'retry',
        since: '2026-01-01T00:08:00.000Z',
        until: '2026-01-01T00:24:00.000Z',
        detail: { code: 'busy' },
      },
    ]);
    game.pass('16m');
    expect(game.call('a')).toMatchObject({
      path: 'a',
      id: 'a#2',
      attemptsBefore: 2,
      attempts: 1,
      with: { value: { x: 1 } },
      timeoutMs: 18_000_000 - 24 * 60_000,
    });
    game.bad('a', 'busy', busy(3)).snapshot().pass('32m');
    expect(game.call('a')).toMatchObject({ id: 'a#3', attemptsBefore: 3, attempts: 1 });
    game.bad('a', 'busy', busy(4));
    expect(game.error).toMatchObject({ code: 'busy', step: 'a', attempts: 4 });
    expect(game.log).toEqual(['a', 'a#2', 'a#3']);
  });

  it('honours a Retry-After longer than its own', () => {
    const game = play('nodes: { a: { uses: t.do, timeout: 2h } }');
    game.bad('a', 'http.429', busy(1, { retryAfterMs: 1_800_000 })).pass('29m');
    expect(game.pending).toEqual([]);
    game.pass('1m').ok('a');
    expect([game.status, game.log]).toEqual(['succeeded', ['a', 'a#2']]);
  });

  it("gives up when the next attempt would come after the node's timeout", () => {
    const game = play(`
nodes:
  a: { uses: t.do, timeout: 20m }
  late: { uses: t.do, needs: [a.timeout] }`);
    game.bad('a', 'http.429', busy(1, { retryAfterMs: 1_800_000 }));
    expect(game.pending).toEqual(['late']);
    expect(game.step('a').error).toMatchObject({ code: 'timeout', attempts: 1, cause: { code: 'http.429' } });
  });

  it('counts all allowed attempts if an activity does not say how often it tried', () => {
    const game = play('nodes: { a: { uses: t.do } }').bad('a', 'worker.lost', { retryable: true });
    expect(game.error).toMatchObject({ code: 'worker.lost', attempts: 3 });
  });

  it('grants one extra attempt if the worker was lost in the last one, but only one', () => {
    const lost = (attempt: number) => busy(attempt, { unknown: true, lost: true });
    const graph = (attempts: number) => `nodes: { a: { uses: t.do, retry: { maxAttempts: ${attempts}, delay: 2s } } }`;
    const game = play(graph(2)).bad('a', 'timeout', lost(2)).snapshot().pass('1m');
    expect(game.call('a')).toMatchObject({ id: 'a#2', attemptsBefore: 2, attempts: 1 });
    expect(game.bad('a', 'http.503', busy(3)).error).toMatchObject({ code: 'http.503', attempts: 3 });

    const unlucky = play(graph(2)).bad('a', 'timeout', lost(2)).pass('1m').bad('a', 'timeout', lost(3));
    expect(unlucky.error).toMatchObject({ code: 'timeout', attempts: 3, unknown: true });

    // A step that must not be repeated gets no extra attempt.
    const once = play(graph(1)).bad('a', 'timeout', lost(1));
    expect(once.error).toMatchObject({ code: 'timeout', attempts: 1, unknown: true });
  });

  it('a failure that is not retryable ends at once', () => {
    const game = play('nodes: { a: { uses: t.do, retry: { maxAttempts: 9, delay: 1h, maxDelay: 1h } } }').bad(
      'a',
      'x',
      { attempt: 1 },
    );
    expect([game.status, game.error?.attempts]).toEqual(['failed', 1]);
  });

  it('a step that was waiting to be tried again and is cancelled keeps its last failure, and is undone if unknown', () => {
    const game = play(
      'nodes: { a: { uses: t.do, timeout: 9h, retry: { maxAttempts: 9, delay: 1h, maxDelay: 1h }, compensate: { uses: t.do } } }',
    );
    game.bad('a', 'lost', busy(1, { unknown: true })).cancel();
    expect(game.step('a')).toMatchObject({ status: 'cancelled', error: { code: 'lost' } });
    expect(game.pending).toEqual(['a.compensate']);
  });
});

describe('a wait for a turn under a rate limit', () => {
  const waits = (attempt: number, retryAfterMs: number) => ({
    ...{ retryable: true, waits: true as const },
    ...{ attempt, retryAfterMs },
  });

  it('is no attempt, however often it happens', () => {
    const game = play('nodes: { a: { uses: t.do, timeout: 1h, retry: { maxAttempts: 1 } } }');
    for (let times = 2; times < 20; times++) {
      game.bad('a', 'rate.waits', waits(0, 120_000));
      expect(game.waits).toMatchObject([{ step: 'a', kind: 'retry', detail: { code: 'rate.waits', attempts: 0 } }]);
      game.snapshot().pass('2m');
      expect(game.call('a')).toMatchObject({ id: `a#${times}`, attemptsBefore: 0, attempts: 1 });
    }
    expect(game.bad('a', 'http.503', busy(1)).error).toMatchObject({ code: 'http.503', attempts: 1 });
  });

  it('counts the attempts that were made before it', () => {
    const game = play('nodes: { a: { uses: t.do, timeout: 1h, retry: { maxAttempts: 3, delay: 1s } } }');
    game.bad('a', 'rate.waits', waits(2, 120_000)).pass('2m');
    expect(game.call('a')).toMatchObject({ attemptsBefore: 2, attempts: 1 });
    expect(game.bad('a', 'http.503', busy(3)).error).toMatchObject({ attempts: 3 });
  });

  it('does not count towards the timeout of the step', () => {
    const game = play('nodes: { a: { uses: t.do, timeout: 10m } }');
    game.pass('9m').bad('a', 'rate.waits', waits(0, 3_600_000)).pass('1h');
    expect(game.call('a')).toMatchObject({ timeoutMs: 600_000 });
    // Here an attempt was made, and took its time.
    game.pass('4m').bad('a', 'rate.waits', waits(1, 3_600_000)).pass('1h');
    expect(game.call('a')).toMatchObject({ timeoutMs: 360_000 });
  });

  it('ends when the step is cancelled', () => {
    const game = play('nodes: { a: { uses: t.do, compensate: { uses: t.do } } }');
    game.bad('a', 'rate.waits', waits(0, 600_000)).cancel();
    expect([game.step('a').status, game.pending, game.status]).toEqual(['cancelled', [], 'cancelled']);
  });
});

describe('workflow.run', () => {
  const graph = (more = '') => `
nodes:
  call: { uses: workflow.run, with: { workflow: other }${more} }
  next: { uses: t.do, needs: [call] }
  late: { uses: t.do, needs: [call.error] }`;

  it('waits for the called run, and nothing is in flight meanwhile', () => {
    const game = play(graph());
    expect(game.run.state.inFlight).toBe(1);
    game.started('call');
    expect(game.run.state.inFlight).toBe(0);
    game.snapshot().ok('call', { n: 1 });
    expect([game.pending, game.run.state.inFlight, game.step('call').output]).toEqual([['next'], 1, { n: 1 }]);
  });

  it('cancels the called run, and awaits it only if it can be undone', () => {
    const let1 = play(graph()).started('call').cancel();
    expect([let1.status, let1.log]).toEqual(['cancelled', ['call', 'cancel call']]);
    const game = play(graph(', compensate: { uses: t.do }')).started('call').cancel();
    expect(game.status).toBe('open');
    game.bad('call', 'cancelled', { unknown: true }).ok('call.compensate');
    expect([game.status, game.run.state.inFlight, game.ends.call]).toEqual(['cancelled', 0, 'cancelled']);
  });

  it('cancels the called run as soon as that has begun, if it was cancelled just before', () => {
    const game = play(graph(', compensate: { uses: t.do }')).cancel().started('call');
    expect(game.log).toEqual(['call', 'cancel call', 'cancel call']);
    game.ok('call').ok('call.compensate');
    expect([game.status, game.run.state.inFlight]).toEqual(['cancelled', 0]);
  });

  it("applies the author's timeout to the whole called run", () => {
    const game = play(graph(', timeout: 1h')).pass('10m').started('call').snapshot().pass('50m');
    expect(game.step('call').error).toMatchObject({ code: 'timeout', step: 'call', unknown: true });
    expect(game.pending).toEqual(['late']);
    expect(game.log).toEqual(['call', 'cancel call', 'late']);
  });

  it('a called run that can be undone is awaited beyond its timeout', () => {
    const game = play(graph(', timeout: 1h, compensate: { uses: t.do }')).started('call').pass('1h');
    expect(game.pending).toEqual(['call']);
    game.bad('call', 'cancelled', { unknown: false });
    expect(game.step('call').error).toMatchObject({ code: 'timeout', unknown: false });
  });
});

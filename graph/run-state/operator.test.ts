import { describe, expect, it } from 'vitest';
import { completeWait, retryStep, skipStep, timeOutWait } from './index.ts';
import { play } from './testing/game.ts';

const SLOW = `
nodes:
  a: { uses: t.do, retry: { maxAttempts: 3, delay: 20m } }
  b: { uses: t.do }
  after: { uses: t.do, needs: [a] }
output: "\${{ nodes.a }}"
`;

const backingOff = () => play(SLOW).bad('a', 'http.503', { retryable: true, attempt: 1 });

describe('retryStep', () => {
  it('makes the next attempt of a long back-off now', () => {
    const game = backingOff();
    expect(game.operate((run) => retryStep(run, 'a'))).toBeNull();
    expect(game.log).toEqual(['a', 'b', 'a#2']);
    expect(game.timers()).toEqual([]);
    expect(game.ok('a', 1).ok('b').ok('after').output).toBe(1);
  });

  it('waits for the end of a pause, and for a new execution', () => {
    const paused = backingOff().pause();
    expect(paused.operate((run) => retryStep(run, 'a'))).toBeNull();
    expect(paused.log).not.toContain('a#2');
    expect(paused.resume().log).toContain('a#2');
    const draining = backingOff().ok('b').drain();
    draining.operate((run) => retryStep(run, 'a'));
    expect(draining.log).not.toContain('a#2');
    expect(draining.snapshot().log).toContain('a#2');
  });

  it('refuses a step that is being tried, and one that has ended', () => {
    const game = play(SLOW);
    expect(game.operate((run) => retryStep(run, 'a'))).toBe('step.notRetrying');
    game.ok('a');
    expect(game.operate((run) => retryStep(run, 'a'))).toBe('step.notOpen');
  });
});

describe('skipStep', () => {
  it('ends a running step with its output, and asks only that step to stop', () => {
    const game = play(SLOW);
    expect(game.operate((run) => skipStep(run, 'a', { v: 7 }))).toBeNull();
    expect(game.log).toEqual(['a', 'b', 'cancel a', 'after']);
    expect(game.step('a')).toMatchObject({ status: 'succeeded', output: { v: 7 } });
    expect(game.ok('b').ok('after').output).toEqual({ v: 7 });
  });

  it('leaves a running step to itself where the steps of a body stop together', () => {
    const game = play(SLOW, { version: 4 });
    game.operate((run) => skipStep(run, 'a', 1));
    expect(game.log).toEqual(['a', 'b', 'after']);
  });

  it('ends a step in its back-off, a wait, and a called run that is waited for', () => {
    const game = backingOff();
    game.operate((run) => skipStep(run, 'a', 2));
    expect(game.ok('b').ok('after').output).toBe(2);
    const calling = play('nodes: { c: { uses: workflow.run, with: { workflow: x } } }').started('c');
    calling.operate((run) => skipStep(run, 'c', 3));
    expect([calling.status, calling.log]).toEqual(['succeeded', ['c', 'cancel c']]);
    const waiting = play('nodes: { w: { uses: wait, with: { for: 1h } } }\noutput: "${{ nodes.w }}"');
    waiting.operate((run) => skipStep(run, 'w', 'early'));
    expect([waiting.output, waiting.timers()]).toEqual(['early', []]);
  });

  it('lets a node with ports leave by the port that the output names', () => {
    const graph = `
nodes:
  p: { uses: t.pick }
  y: { uses: set, needs: [p.yes], with: { value: y } }
  n: { uses: set, needs: [p.no], with: { value: n } }
output: "\${{ nodes.y ?? nodes.n }}"`;
    const game = play(graph);
    expect(game.operate((run) => skipStep(run, 'p', {}))).toBe('output.invalid');
    expect(game.operate((run) => skipStep(run, 'p', { port: 'no' }))).toBeNull();
    expect(game.output).toBe('n');
  });

  it('undoes a skipped step like any other, because it may have had its effect', () => {
    const game = play(`
nodes:
  c: { uses: t.do, compensate: { uses: t.do } }
  bad: { uses: t.do, needs: [c], retry: { maxAttempts: 1 } }`);
    game.operate((run) => skipStep(run, 'c', 1));
    game.bad('bad');
    expect(game.pending).toContain('c.compensate');
  });

  it('refuses a container, and a step that is not there', () => {
    const game = play('nodes: { t: { uses: try, nodes: { a: { uses: t.do } } } }');
    expect(game.operate((run) => skipStep(run, 't', 1))).toBe('step.container');
    expect(game.operate((run) => skipStep(run, 'nowhere', 1))).toBe('step.notOpen');
    expect(game.operate((run) => skipStep(run, 't.a', 1))).toBeNull();
    expect(game.status).toBe('succeeded');
  });
});

const WAITS = `
nodes:
  time: { uses: wait, with: { for: 1h } }
  event: { uses: waitForEvent, with: { event: paid, key: k } }
  ask: { uses: approval, with: { to: ["role:x"], title: t } }
  yes: { uses: set, needs: [ask.approved], with: { value: yes } }
  late: { uses: set, needs: [event2.timeout], with: { value: late } }
  event2: { uses: waitForEvent, timeout: 1d, with: { event: paid } }
output: { at: "\${{ nodes.time.at }}", data: "\${{ nodes.event.data }}", yes: "\${{ nodes.yes }}", late: "\${{ nodes.late }}" }
`;

describe('completeWait and timeOutWait', () => {
  it('end waits as if what they wait for, or their timeout, had come', () => {
    const game = play(WAITS);
    const by = { id: 'op' };
    const decision = { decision: 'approved', by: 'ann', comment: null, values: null, at: '' };
    expect(game.operate((run) => completeWait(run, 'ask', { decision: 'maybe' }, by))).toBe('output.invalid');
    expect(game.operate((run) => completeWait(run, 'time', null, by))).toBeNull();
    expect(game.operate((run) => completeWait(run, 'event', { n: 1 }, by))).toBeNull();
    expect(game.operate((run) => completeWait(run, 'ask', decision, by))).toBeNull();
    expect(game.operate((run) => timeOutWait(run, 'event2'))).toBeNull();
    expect(game.output).toEqual({ at: '2026-01-01T00:00:00.000Z', data: { n: 1 }, yes: 'yes', late: 'late' });
    expect(game.step('event').output).toEqual({
      ...{ id: 'op', name: 'paid', key: 'k' },
      ...{ data: { n: 1 }, at: '2026-01-01T00:00:00.000Z' },
    });
    expect(game.timers()).toEqual([]);
  });

  it('refuse a step that does not wait', () => {
    const game = play(SLOW);
    expect(game.operate((run) => completeWait(run, 'a', 1, { id: 'x' }))).toBe('step.notWaiting');
    expect(game.operate((run) => timeOutWait(run, 'a'))).toBe('step.notWaiting');
    expect(game.operate((run) => timeOutWait(run, 'after'))).toBe('step.notOpen');
  });

  it('time out a called run: it is asked to stop', () => {
    const game = play('nodes: { c: { uses: workflow.run, with: { workflow: x } } }').started('c');
    expect(game.operate((run) => timeOutWait(run, 'c'))).toBeNull();
    expect(game.log).toEqual(['c', 'cancel c']);
    expect(game.error).toMatchObject({ code: 'timeout', unknown: true });
  });
});

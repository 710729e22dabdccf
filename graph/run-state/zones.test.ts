/** Expressions that need the rules of a time zone: computed by an activity, wherever they stand, and recorded. */
import { describe, expect, it } from 'vitest';
import { dryRun } from '../dry-run/index.ts';
import { planOf, play } from './testing/game.ts';

/** The `evaluate` commands so far, by path. */
const asked = (game: ReturnType<typeof play>) =>
  game.commands.flatMap((command) => (command.do === 'evaluate' ? [command.call.path] : []));

const HOUR = "date.get(now, 'hour', 'Europe/Berlin')";

describe('an expression with a time zone', () => {
  it.each([
    ['if', `c: { uses: t.do, if: "\${{ ${HOUR} == 1 }}" }`, 'c:if'],
    ['the test of an if', `c: { uses: if, with: { test: "\${{ ${HOUR} == 1 }}" } }`, 'c:test'],
    [
      'the value of a switch',
      `c: { uses: switch, with: { value: "\${{ ${HOUR} }}", cases: [{ port: one, is: 1 }] } }`,
      'c:value',
    ],
    [
      'the test of a while',
      `c: { uses: while, with: { state: 0, test: "\${{ ${HOUR} == 2 }}" }, nodes: { x: { uses: set, with: { value: 1 } } }, output: 1 }`,
      'c:test',
    ],
    [
      'the end of a wait',
      `c: { uses: wait, with: { until: "\${{ date.next(now, '08:00', 'Europe/Berlin') }}" } }`,
      'c:until',
    ],
    [
      'the items of a loop',
      `c: { uses: forEach, with: { items: "\${{ [${HOUR}] }}" }, nodes: { x: { uses: t.do } } }`,
      'c:items',
    ],
    ['the parameters of a data node', `c: { uses: set, with: { value: "\${{ ${HOUR} }}" } }`, 'c:with'],
    [
      'what is read per element',
      `c: { uses: filter, with: { items: [0], test: "\${{ date.get(item, 'hour', 'Europe/Berlin') == 1 }}" } }`,
      'c:with',
    ],
    ['the message of a fail', `c: { uses: fail, with: { code: late, message: "\${{ ${HOUR} }} h" } }`, 'c:message'],
  ])('%s is computed by an activity', (_what, node, path) => {
    expect(asked(play(`nodes: { ${node} }`))).toEqual([path]);
  });

  it('goes on with what was computed', () => {
    const game = play(
      `nodes: { w: { uses: wait, with: { until: "\${{ date.next(now, '08:00', 'Europe/Berlin') }}" } } }`,
    );
    game.snapshot().computed('w:until', '2026-01-01T07:00:00.000Z');
    expect(game.timers()).toEqual(['w~until']);
    expect(game.pass('7h').ends).toEqual({ w: 'succeeded' });
  });

  it('fails its node with the message of the activity', () => {
    const game = play(
      `vars: { zone: Nowhere }\nnodes: { c: { uses: set, with: { value: "\${{ date.get(now, 'hour', vars.zone) }}" } } }`,
    );
    game.notComputed('c:with', 'expression');
    expect(game.error).toMatchObject({ code: 'expression', step: 'c' });
  });

  it('is left to the activity of an effect, of its undo and of a note', () => {
    const game = play(`
nodes:
  a: { uses: t.do, with: { h: "\${{ ${HOUR} }}" }, compensate: { uses: t.do, with: { h: "\${{ ${HOUR} }}" } } }
  w: { uses: waitForEvent, needs: [a], with: { event: go }, notify: { uses: t.do, with: { h: "\${{ ${HOUR} }}" } } }
  b: { uses: t.do, needs: [a] }`);
    expect(game.call('a').deferred?.scope).toEqual({ value: { now: '2026-01-01T00:00:00.000Z' } });
    game.ok('a');
    expect(game.call('w.notify').deferred?.scope.value).toMatchObject({ now: '2026-01-01T00:00:00.000Z' });
    game.ok('w.notify').bad('b');
    expect(game.call('a.compensate').deferred?.scope.value).toHaveProperty('now');
    expect(asked(game)).toEqual([]);
  });

  it('is an output that an activity computes: of a body and of the run', () => {
    const game = play(`
nodes:
  each: { uses: forEach, with: { items: [0] }, nodes: { x: { uses: set, with: { value: 1 } } }, output: "\${{ date.get(item, 'hour', 'Asia/Tokyo') }}" }
output: "\${{ date.get(nodes.each.results[0], 'year', 'Asia/Tokyo') }}"`);
    game.computed('each[0]/:output', 9).computed('/:output', 1970);
    expect(game.output).toBe(1970);
  });

  it('costs nothing where its zone is UTC, or none', () => {
    const game = play(
      `nodes: { c: { uses: set, with: { value: "\${{ date.format(now, 'HH:mm', 'UTC') + date.format(now, 'HH') }}" } } }\noutput: "\${{ nodes.c }}"`,
    );
    expect([asked(game), game.output]).toEqual([[], '00:0000']);
  });

  it('is computed immediately in a dry run, by the clock of that run', () => {
    const plan = planOf(`
nodes:
  w: { uses: wait, with: { until: "\${{ date.next(now, '08:00', 'Europe/Berlin') }}" } }
  c: { uses: t.do, needs: [w], if: "\${{ ${HOUR} == 8 }}" }
output: "\${{ nodes.c.ok + date.format(now, ' HH:mm', 'Europe/Berlin') }}"`);
    const now = Date.parse('2026-03-28T12:00:00Z');
    expect(dryRun({ plan, now, pins: { c: { ok: 'done' } } })).toMatchObject({
      output: 'done 08:00',
      endedAt: '2026-03-29T06:00:00.000Z',
    });
  });
});

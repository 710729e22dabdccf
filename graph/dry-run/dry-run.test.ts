import { describe, expect, it } from 'vitest';
import { planOf } from '../run-state/testing/game.ts';
import { dryRun } from './index.ts';

describe('a dry run', () => {
  it('answers effects from pins, by step path before node id', () => {
    const plan = planOf(`
nodes:
  each: { uses: forEach, with: { items: [1, 2] }, nodes: { a: { uses: t.do } }, output: "\${{ nodes.a }}" }
output: "\${{ nodes.each.results }}"`);
    expect(dryRun({ plan, pins: { a: 'id', 'each[1].a': 'path' } }).output).toEqual(['id', 'path']);
  });

  it('says how to pin an effect that has no answer', () => {
    const outcome = dryRun({ plan: planOf('nodes: { a: { uses: t.do } }') });
    expect(outcome.error).toMatchObject({ code: 'pin.missing' });
    expect(outcome.error?.message).toContain('--pin a=JSON');
  });

  it('a pin may be null; undo and notify need none', () => {
    const plan = planOf(`
nodes:
  a: { uses: t.do, compensate: { uses: t.do } }
  b: { uses: t.do, needs: [a] }`);
    const outcome = dryRun({
      plan,
      pins: { a: null },
      failures: { b: { code: 'x' }, 'a.compensate': { code: 'stuck' } },
    });
    expect(outcome.error).toMatchObject({ code: 'x', undo: [{ step: 'a.compensate', error: { code: 'stuck' } }] });
  });

  it('ends as waiting for what was not given, and says what that is', () => {
    const plan = planOf(
      'nodes: { a: { uses: approval, with: { to: ["role:x"], title: T } }, e: { uses: waitForEvent, with: { event: e } } }',
    );
    const outcome = dryRun({ plan });
    expect([outcome.status, outcome.waits.map(({ step }) => step)]).toEqual(['waiting', ['a', 'e']]);
    expect(outcome.steps.map(({ path, status }) => [path, status])).toEqual([
      ['a', 'waiting'],
      ['e', 'waiting'],
    ]);
    expect(dryRun({ plan, pins: { a: 'rejected' }, events: [{ name: 'e', data: 1 }] }).status).toBe('succeeded');
  });

  it('gives an event without a key to a wait with any key', () => {
    const plan = planOf('nodes: { e: { uses: waitForEvent, with: { event: e, key: k } } }');
    expect(dryRun({ plan, events: [{ name: 'e', data: 1 }] }).status).toBe('succeeded');
    expect(dryRun({ plan, events: [{ name: 'e', key: 'other', data: 1 }] }).status).toBe('waiting');
  });

  it('ends by its own clock', () => {
    const plan = planOf('nodes: { w: { uses: wait, with: { for: 90d } } }');
    expect(dryRun({ plan }).endedAt).toBe('2026-04-01T00:00:00.000Z');
  });

  it('refuses a pin that is not a decision', () => {
    const plan = planOf('nodes: { a: { uses: approval, with: { to: ["role:x"], title: T } } }');
    expect(() => dryRun({ plan, pins: { a: { decision: 'maybe' } } })).toThrow(
      'The pin of a must be approved or rejected, not "maybe".',
    );
  });

  it('tries other orders of completion on request', () => {
    const plan = planOf(
      'nodes: { r: { uses: race, nodes: { a: { uses: t.do }, b: { uses: t.do } } } }\noutput: "${{ nodes.r.winner }}"',
    );
    const pins = { a: 1, b: 2 };
    expect([dryRun({ plan, pins }).output, dryRun({ plan, pins, choose: (n) => n - 1 }).output]).toEqual(['a', 'b']);
  });
});

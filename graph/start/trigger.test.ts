import { describe, expect, it } from 'vitest';
import type { Graph } from '../document/types.ts';
import { chooseTrigger, runInput, triggerInfo } from './trigger.ts';

const graph = (triggers: Record<string, string>): Graph => ({
  blok: 1,
  name: 'x',
  triggers: Object.fromEntries(Object.entries(triggers).map(([id, uses]) => [id, { uses }])),
  nodes: {},
});

describe('the trigger of a call', () => {
  it('is the declared call, else the only trigger, else none; a major version changes nothing', () => {
    expect(chooseTrigger(graph({ tick: 'schedule', hand: 'call@1' }), undefined)).toBe('hand');
    expect(chooseTrigger(graph({ hook: 'webhook@1' }), undefined)).toBe('hook');
    expect(chooseTrigger(graph({ a: 'webhook', b: 'schedule' }), undefined)).toBeNull();
  });

  it('shows the fields of its type', () => {
    const info = triggerInfo(graph({ hook: 'webhook@1' }), 'hook', { at: 'now', key: null, input: { n: 1 } });
    expect(info).toMatchObject({ id: 'hook', uses: 'webhook', method: 'POST', headers: {}, body: { n: 1 } });
  });

  it('reads zones in its `if` and `input`', () => {
    const zoned: Graph = {
      ...graph({}),
      triggers: {
        tick: {
          uses: 'schedule',
          if: "${{ date.get(trigger.at, 'weekday', 'America/New_York') == 6 }}",
          input: { day: "${{ date.format(trigger.at, 'D MMM', 'America/New_York') }}" },
        },
      },
    };
    const input = (at: string) =>
      runInput(zoned, triggerInfo(zoned, 'tick', { at, key: null, input: {} }), { input: {}, vars: {} });
    expect(input('2026-03-01T04:00:00Z')).toEqual({ day: '28 Feb' });
    expect(() => input('2026-03-01T06:00:00Z')).toThrow(expect.objectContaining({ code: 'trigger.declined' }));
  });
});

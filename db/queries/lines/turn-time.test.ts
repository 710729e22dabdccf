import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awaitedTurn, hasTurn, turnTime } from './turn-time.ts';

/** Turns of a line whose runs ask when they are told to, or somewhat later. */
function play({ limit, perMs, arrivals, late }: { limit: number; perMs: number; arrivals: number[]; late: number[] }) {
  const taken: number[] = [];
  const waiting = arrivals.toSorted((a, b) => a - b).map((at, id) => ({ id, asks: at }));
  const begun: { id: number; at: number }[] = [];
  while (waiting.length > 0) {
    const now = Math.min(...waiting.map(({ asks }) => asks));
    const index = waiting.findIndex(({ asks }) => asks === now);
    const one = waiting[index]!;
    const counting = taken.filter((at) => at > now - perMs);
    // Runs that have not arrived yet are not in the line.
    const ahead = waiting.slice(0, index).filter(({ id }) => arrivals.toSorted((a, b) => a - b)[id]! <= now).length;
    const standing = { counted: counting.length, ahead, limit };
    if (hasTurn(standing)) {
      taken.push(now);
      begun.push({ id: one.id, at: now });
      waiting.splice(index, 1);
    } else {
      const awaited = counting[awaitedTurn(standing)];
      one.asks = turnTime(standing, { awaited, perMs, now }) + late[one.id % late.length]!;
      expect(one.asks).toBeGreaterThan(now);
    }
  }
  return begun;
}

const world = fc.record({
  limit: fc.integer({ min: 1, max: 7 }),
  perMs: fc.integer({ min: 1, max: 500 }),
  arrivals: fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1, maxLength: 60 }),
  late: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 5 }),
});

describe('turns', () => {
  it('are never more than the limit in any stretch of time, and everybody gets one', () => {
    fc.assert(
      fc.property(world, (given) => {
        const begun = play(given);
        expect(begun).toHaveLength(given.arrivals.length);
        for (const { at } of begun) {
          const within = begun.filter((other) => other.at >= at && other.at < at + given.perMs).length;
          expect(within).toBeLessThanOrEqual(given.limit);
        }
      }),
    );
  });

  it('are taken at the times that were told, in order and as early as the limit allows, if nobody is late', () => {
    fc.assert(
      fc.property(world, ({ arrivals, ...given }) => {
        const begun = play({ ...given, arrivals, late: [0] });
        const model: number[] = [];
        for (const at of arrivals.toSorted((a, b) => a - b)) {
          const before = model.at(-given.limit);
          model.push(Math.max(at, model.at(-1) ?? 0, before === undefined ? 0 : before + given.perMs));
        }
        expect(begun.toSorted((a, b) => a.id - b.id).map(({ at }) => at)).toEqual(model);
      }),
    );
  });

  it('far back in the line are told for when the whole line before has gone', () => {
    const standing = { counted: 3, ahead: 7, limit: 3 };
    expect(awaitedTurn(standing)).toBe(1);
    expect(turnTime(standing, { awaited: 100, perMs: 1_000, now: 500 })).toBe(3_100);
    expect(turnTime({ counted: 0, ahead: 3, limit: 3 }, { awaited: undefined, perMs: 1_000, now: 500 })).toBe(1_500);
  });
});

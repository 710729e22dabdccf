import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolledItem } from '../../define-trigger.ts';
import type { CrossingInput } from './fields.ts';
import { type Crossed, type CrossingCursor, crossings } from './watch.ts';

/** One look: at a whole number, or at an interval of whole numbers. */
interface Seen {
  readonly low: number;
  readonly high: number;
  readonly at: number;
}

const exact = (value: number, at = 0): Seen => ({ low: value, high: value, at });

const PARAMETERS: CrossingInput = { threshold: '100', crosses: 'below', hysteresis: 0, coolDown: '0s' };

/** A watch that goes on from the cursor of the look before. */
function watch(given: Partial<CrossingInput>, from: 'now' | 'beginning' = 'now') {
  let cursor: CrossingCursor | null = null;
  const request = () => ({ with: { ...PARAMETERS, ...given }, cursor, from });
  const at = ({ low, high, at: now }: Seen) => ({
    range: { low: { units: BigInt(low), scale: 0 }, high: { units: BigInt(high), scale: 0 } },
    item: (crossed: Crossed) => ({ ...crossed }),
    now,
  });
  return {
    /** A look whose result is lost. */
    lose: (seen: Seen): readonly PolledItem[] => crossings(request(), at(seen)).items,
    look: (seen: Seen): readonly PolledItem[] => {
      const found = crossings(request(), at(seen));
      cursor = JSON.parse(JSON.stringify(found.cursor)) as CrossingCursor;
      return found.items;
    },
  };
}

const walk = (given: Partial<CrossingInput>, values: readonly number[], from?: 'beginning') => {
  const watching = watch(given, from);
  return values.map((value, index) => watching.look(exact(value, index * 60_000)).length);
};

describe('a watch of a value', () => {
  it('takes only the side at first, and tells each crossing once', () => {
    expect(walk({}, [90, 90, 110, 110, 99, 98, 100, 99])).toEqual([0, 0, 0, 0, 1, 0, 0, 1]);
    expect(walk({}, [110, 100, 99])).toEqual([0, 0, 1]);
    expect(walk({ crosses: 'above' }, [110, 100, 101, 102, 99, 101])).toEqual([0, 0, 1, 0, 0, 1]);
    expect(walk({ crosses: 'either' }, [100, 101, 99, 101])).toEqual([0, 1, 1, 1]);
  });

  it('tells a value that is beyond the threshold at first if it is to begin at the beginning', () => {
    expect(walk({}, [90, 90], 'beginning')).toEqual([1, 0]);
    expect(walk({}, [110, 90], 'beginning')).toEqual([0, 1]);
  });

  it('waits until the value has gone back by the hysteresis', () => {
    expect(walk({ hysteresis: 5 }, [110, 99, 104, 99, 105, 99])).toEqual([0, 1, 0, 0, 0, 1]);
    expect(walk({ crosses: 'above', hysteresis: 5 }, [90, 101, 96, 101, 95, 101])).toEqual([0, 1, 0, 0, 0, 1]);
  });

  it('tells a crossing within the cool-down at its end, if the value is still beyond the threshold', () => {
    expect(walk({ coolDown: '3m' }, [110, 99, 110, 99, 99, 99])).toEqual([0, 1, 0, 0, 1, 0]);
    expect(walk({ coolDown: '3m' }, [110, 99, 110, 99, 110, 110, 99])).toEqual([0, 1, 0, 0, 0, 0, 1]);
  });

  it('is silenced by a clock that is set back for no longer than the cool-down', () => {
    const watching = watch({ coolDown: '10m' });
    for (const [value, at] of [
      [110, 1e12],
      [99, 1e12],
      [110, 1e9],
    ] as const)
      watching.look(exact(value, at));
    expect(watching.look(exact(99, 1e9))).toHaveLength(1);
  });

  it('does not decide while the threshold is within what the value may be', () => {
    const watching = watch({});
    const looks = [
      exact(110),
      { low: 98, high: 101, at: 0 },
      { low: 98, high: 99, at: 0 },
      { low: 99, high: 103, at: 0 },
      exact(99),
    ];
    expect(looks.map((seen) => watching.look(seen).length)).toEqual([0, 0, 1, 0, 0]);
  });

  it('never starts with the keys of the watch before', () => {
    const keys = [watch({}), watch({})].map((watching) => {
      watching.look(exact(110));
      return watching.look(exact(90))[0]!.key;
    });
    expect(new Set(keys).size).toBe(2);
  });
});

const seen = fc.record({
  low: fc.integer({ min: 85, max: 115 }),
  width: fc.nat(4),
  minutes: fc.nat(6),
  lost: fc.boolean(),
});
const parameters = fc.record({
  crosses: fc.constantFrom<CrossingInput['crosses'][]>('above', 'below'),
  hysteresis: fc.constantFrom(0, 1, 5, 10),
  coolDown: fc.constantFrom('0s', '5m', '30m'),
});
const MINUTES: Record<string, number> = { '0s': 0, '5m': 5, '30m': 30 };

describe('on a random walk, a watch', () => {
  it('starts a run for each crossing that it may tell, and no other run, whatever is lost', () => {
    fc.assert(
      fc.property(parameters, fc.array(seen, { minLength: 1, maxLength: 60 }), (given, steps) => {
        const watching = watch(given);
        const isBelow = given.crosses === 'below';
        const margin = isBelow ? 100 + given.hysteresis : 100 - given.hysteresis;
        const keys: string[] = [];
        /** What the looks up to now must have led to, said without a machine of states. */
        const told: number[] = [];
        const looks: Seen[] = [];
        let minute = 0;
        for (const { low, width, minutes, lost } of steps) {
          minute += minutes;
          const now: Seen = { low, high: low + width, at: minute * 60_000 };
          if (lost) watching.lose({ ...now, low: 200 - low, high: 200 - low });
          const found = watching.look(now);
          keys.push(...found.map(({ key }) => key));
          looks.push(now);
          const isBeyond = (one: Seen) => (isBelow ? one.high < 100 : one.low > 100);
          const isBack = (one: Seen) => (isBelow ? one.low >= margin : one.high <= margin);
          const last = told.at(-1);
          // Since the last run, or since the watch began beyond the threshold, the value has been back.
          const since = last ?? (isBeyond(looks[0]!) ? 0 : null);
          const isArmed = since === null || looks.slice(since + 1).some(isBack);
          const isCool = last === undefined || now.at - looks[last]!.at >= MINUTES[given.coolDown]! * 60_000;
          const isDue = looks.length > 1 && isBeyond(now) && isArmed && isCool;
          expect(found.length).toBe(isDue ? 1 : 0);
          if (isDue) told.push(looks.length - 1);
        }
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.map((key) => Number(key.split('/').at(-1)))).toEqual(keys.map((_, index) => index + 1));
      }),
      { numRuns: 500 },
    );
  });
});

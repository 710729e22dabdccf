import { describe, expect, it } from 'vitest';
import { type Expected, type Line, nextLongAt, nextTurn, stepToEnd, type Ticket } from './next-turn.ts';

const ticket = (runId: string, more: Partial<Ticket> = {}): Ticket => ({
  workspace: 'ws',
  runId,
  work: runId,
  inCrowd: false,
  mayRestart: true,
  wasEnded: false,
  askedAt: 0,
  beganAt: 0,
  ...more,
});

/** A line of 6 places, 3 of them for long steps; turns become long after a second. */
const line = (
  running: Ticket[],
  waiting: Ticket[],
  now = 0,
  {
    had = {},
    known = {},
    shortPlaces = 0,
  }: { had?: Record<string, number>; known?: Record<string, Expected>; shortPlaces?: number } = {},
): Line => ({
  places: 6,
  longPlaces: 3,
  shortPlaces,
  longAfterMs: 1_000,
  now,
  running,
  waiting,
  expect: ({ work }) => known[work] ?? 'unknown',
  turnsOf: (runId) => had[runId] ?? 0,
});
const many = (count: number, runId: string, more: Partial<Ticket> = {}): Ticket[] =>
  Array.from({ length: count }, () => ticket(runId, more));

describe('whose turn is next', () => {
  it('is in the order of asking, as long as all have the same', () => {
    const [a, b] = [ticket('a'), ticket('b')];
    expect(nextTurn(line([], [a, b]))).toBe(a);
    expect(nextTurn(line([], []))).toBeUndefined();
  });

  it('is that of the workspace with the fewest places, then of the run, then of the run with the fewest turns', () => {
    const [a, b, c] = [ticket('a'), ticket('b'), ticket('c', { workspace: 'other' })];
    expect(nextTurn(line([ticket('b')], [b, a]))).toBe(a);
    expect(nextTurn(line([ticket('b')], [b, a, c]))).toBe(c);
    expect(nextTurn(line([], [a, b], 0, { had: { a: 3 } }))).toBe(b);
  });

  it('leaves places to runs that come later', () => {
    expect(nextTurn(line(many(3, 'a'), [ticket('a')]))).toBeUndefined();
    const b = ticket('b');
    expect(nextTurn(line(many(3, 'a'), [ticket('a'), b]))).toBe(b);
    expect(nextTurn(line([...many(3, 'a'), ...many(2, 'b')], [ticket('a'), ticket('b')]))).toBeUndefined();
  });

  it('keeps a part of the places for short steps, and a part for steps known to be long', () => {
    const long = ticket('l', { wasEnded: true });
    const [fresh] = many(1, 'f');
    const longOnes = [1, 2, 3].map((n) => ticket(`l${n}`, { wasEnded: true }));
    expect(nextTurn(line(longOnes, [long]))).toBeUndefined();
    expect(nextTurn(line(longOnes, [long, fresh!]))).toBe(fresh);
    const short = [1, 2, 3].map((n) => ticket(`s${n}`));
    expect(nextTurn(line(short, [fresh!, long]))).toBe(long);
    expect(nextTurn(line(short, [fresh!]))).toBe(fresh);
  });
});

describe('a step of a kind that was short before', () => {
  const short = ticket('s', { askedAt: 20_000 });
  const unknown = ticket('u');
  const known = { s: 'short' } as const;

  it('goes before one of which nothing is known, until that has waited for half a minute', () => {
    expect(nextTurn(line([], [unknown, short], 29_999, { known }))).toBe(short);
    expect(nextTurn(line([], [unknown, short], 30_000, { known }))).toBe(unknown);
  });

  it('does not go before a run with fewer places', () => {
    expect(nextTurn(line([ticket('s')], [short, unknown], 20_000, { known }))).toBe(unknown);
  });
});

describe('a step of a kind that was long before', () => {
  const known = { l: 'long' } as const;
  const like = (runId: string) => ticket(runId, { work: 'l' });

  it('has only its part of the places', () => {
    expect(nextTurn(line(['a', 'b', 'c'].map(like), [like('d')], 0, { known }))).toBeUndefined();
    expect(nextTurn(line(['a', 'b'].map(like), [like('d')], 0, { known }))).toMatchObject({ runId: 'd' });
  });

  it('has so, too, if it is in the crowd', () => {
    const crowd = ['a', 'b', 'c', 'd'].map((runId) => ticket(runId, { inCrowd: true }));
    expect(nextTurn(line(crowd.slice(1), crowd.slice(0, 1)))).toBeUndefined();
  });

  it('is ended, too, if too many are long', () => {
    const running = ['a', 'b', 'c', 'd', 'e', 'f'].map(like);
    expect(stepToEnd(line(running, [ticket('new')], 0, { known }))).toBe(running[0]);
  });
});

describe('the places for short steps only', () => {
  const [short, unknown] = [ticket('s'), ticket('u')];
  const kept = { known: { s: 'short' }, shortPlaces: 1 } as const;
  const fiveRuns = [1, 2, 3, 4, 5].map((n) => ticket(`r${n}`, { beganAt: n }));

  it('are left free by all others', () => {
    expect(nextTurn(line(fiveRuns, [unknown], 0, kept))).toBeUndefined();
    expect(nextTurn(line(fiveRuns, [unknown, short], 0, kept))).toBe(short);
    expect(nextTurn(line(fiveRuns, [ticket('s', { inCrowd: true })], 0, kept))).toBeUndefined();
    expect(nextTurn(line(fiveRuns.slice(1), [unknown], 0, kept))).toBe(unknown);
  });

  it('are left free by a run that does much, too', () => {
    const had = { s: 16 };
    expect(nextTurn(line(fiveRuns, [short], 0, { ...kept, had }))).toBeUndefined();
    expect(nextTurn(line(fiveRuns.slice(1), [short], 0, { ...kept, had }))).toBe(short);
  });

  it('keep no other step from having a long one ended', () => {
    expect(stepToEnd(line(fiveRuns, [unknown], 1_900, kept))).toBe(fiveRuns[4]);
    expect(stepToEnd(line(fiveRuns, [short], 1_900, kept))).toBeUndefined();
    expect(stepToEnd(line(fiveRuns.slice(1), [unknown], 1_900, kept))).toBeUndefined();
  });
});

describe('the step that is ended for another', () => {
  const sixRuns = (more: Partial<Ticket> = {}) =>
    [1, 2, 3, 4, 5, 6].map((n) => ticket(`r${n}`, { beganAt: n, ...more }));

  it('is the youngest long one, once too many are long', () => {
    const running = sixRuns();
    expect(stepToEnd(line(running, [ticket('new')], 900))).toBeUndefined();
    expect(stepToEnd(line(running, [ticket('new')], 1_003))).toBeUndefined();
    expect(stepToEnd(line(running, [ticket('new')], 1_004))).toBe(running[3]);
    expect(stepToEnd(line(running, [ticket('new')], 1_900))).toBe(running[5]);
  });

  it('is none while there is room, or for a step that is known to be long', () => {
    expect(stepToEnd(line(sixRuns().slice(1), [ticket('new')], 1_900))).toBeUndefined();
    expect(stepToEnd(line(sixRuns(), [ticket('new', { wasEnded: true })], 1_900))).toBeUndefined();
  });

  it('is none that was ended before, has an effect, or is of a run with as few places', () => {
    expect(stepToEnd(line(sixRuns({ wasEnded: true }), [ticket('new')], 1_900))).toBeUndefined();
    expect(stepToEnd(line(sixRuns({ mayRestart: false }), [ticket('new')], 1_900))).toBeUndefined();
    expect(stepToEnd(line(sixRuns(), [ticket('r1')], 1_900))).toBeUndefined();
  });

  it('is looked for when the next turn becomes long', () => {
    expect(nextLongAt(line([ticket('a', { beganAt: 5 }), ticket('b', { beganAt: 50 })], [], 1_010))).toBe(1_050);
    expect(nextLongAt(line([], []))).toBeNull();
  });
});

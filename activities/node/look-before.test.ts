import { describe, expect, it } from 'vitest';
import { looksBefore, noteAfter } from './look-before.ts';

/** The attempts of one activity: what each says on failing, and whether its worker lives to tell. */
function attempts(...failures: ('nothing happened' | 'unknown' | 'lost')[]): boolean[] {
  let heartbeatDetails: unknown;
  const looked: boolean[] = [];
  for (const [index, failure] of [...failures, 'nothing happened' as const].entries()) {
    const info = { attempt: index + 1, heartbeatDetails };
    const lookBefore = looksBefore(info, {});
    looked.push(lookBefore);
    // What the wrapper reports while the node runs says nothing.
    if (index % 2 === 0) heartbeatDetails = undefined;
    const note =
      failure === 'lost' ? undefined : noteAfter(info, { lookBefore, unknown: failure === 'unknown', waits: 0 });
    if (note) heartbeatDetails = note;
  }
  return looked;
}

describe('an attempt looks before it acts', () => {
  it('not at first, nor after attempts that certainly did nothing', () => {
    expect(attempts()).toEqual([false]);
    expect(attempts('nothing happened', 'nothing happened')).toEqual([false, false, false]);
  });

  it('after an unknown outcome, and from then on, because the effect may still arrive', () => {
    expect(attempts('nothing happened', 'unknown', 'nothing happened')).toEqual([false, false, true, true]);
  });

  it('after a lost worker, whatever the attempt before it said', () => {
    expect(attempts('lost')).toEqual([false, true]);
    expect(attempts('nothing happened', 'lost', 'nothing happened')).toEqual([false, false, true, true]);
  });

  it('after a long wait, because then another activity made the attempts before', () => {
    expect(looksBefore({ attempt: 1, heartbeatDetails: undefined }, { attemptsBefore: 3 })).toBe(true);
    expect(looksBefore({ attempt: 1, heartbeatDetails: { untouched: 0 } }, { attemptsBefore: 1 })).toBe(true);
  });

  it('if the note is not one', () => {
    for (const heartbeatDetails of [null, 1, 'x', {}, { untouched: 0 }]) {
      expect(looksBefore({ attempt: 2, heartbeatDetails }, {})).toBe(true);
    }
  });

  it('not after waits for a turn, and their number is passed on', () => {
    const first = noteAfter({ attempt: 1 }, { lookBefore: false, unknown: false, waits: 1 });
    expect(first).toEqual({ untouched: 1, waits: 1 });
    expect(looksBefore({ attempt: 2, heartbeatDetails: first }, {})).toBe(false);
    const unknown = noteAfter({ attempt: 2 }, { lookBefore: false, unknown: true, waits: 1 });
    expect(unknown).toEqual({ waits: 1 });
    expect(looksBefore({ attempt: 3, heartbeatDetails: unknown }, {})).toBe(true);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBus } from '../bus/index.ts';
import type { Sender } from '../guard/sender.ts';
import { openThrottle } from '../throttle/index.ts';
import { createGuesses } from './guesses.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const guessing = () => createGuesses(openThrottle({ redis: undefined, bus: createBus() }));
const certain = (name: string): Sender => ({ name, via: null });
/** A sender that is only said to be this one. */
const said = (name: string | null, via = 'proxy'): Sender => ({ name, via });

/** How many of these attempts, all wrong, were let through. */
async function tried(guesses: ReturnType<typeof guessing>, sender: Sender, count: number, at = 'hook') {
  let through = 0;
  for (let n = 0; n < count; n++) {
    if (!(await guesses.judge({ at, sender })).allowed) continue;
    through++;
    await guesses.wrong({ at, sender });
  }
  return through;
}

describe('guesses', () => {
  it('are slowed to thirty a minute for each sender, after a hundred', async () => {
    const guesses = guessing();
    const sender = certain('a');
    expect(await tried(guesses, sender, 1_000)).toBe(100);
    expect(await guesses.judge({ at: 'hook', sender })).toEqual({ allowed: false, retryAfterMs: 2_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await tried(guesses, sender, 1_000)).toBe(30);
  });

  it('keep no other sender out, and nobody from another secret', async () => {
    const guesses = guessing();
    await tried(guesses, certain('a'), 1_000);
    expect((await guesses.judge({ at: 'hook', sender: certain('b') })).allowed).toBe(true);
    expect((await guesses.judge({ at: 'other', sender: certain('a') })).allowed).toBe(true);
  });

  it('from many addresses leave each of them three, and keep out nobody who was never wrong', async () => {
    const guesses = guessing();
    for (let n = 0; n < 20; n++) await tried(guesses, certain(`bot ${n}`), 100);
    expect(await tried(guesses, certain('next bot'), 1_000)).toBe(3);
    const sender = certain('right');
    for (let n = 0; n < 1_000; n++) expect((await guesses.judge({ at: 'hook', sender })).allowed).toBe(true);
  });
});

describe('guesses of senders whose names are not certain', () => {
  it('are slowed for each name, and keep out no other of the same address', async () => {
    const guesses = guessing();
    expect(await tried(guesses, said('a'), 1_000)).toBe(100);
    expect((await guesses.judge({ at: 'hook', sender: said('b') })).allowed).toBe(true);
    expect((await guesses.judge({ at: 'hook', sender: said(null) })).allowed).toBe(true);
  });

  it.each([
    ['another name each time', (n: number) => `forged ${n}`],
    ['no name', () => null],
  ])('are slowed to three hundred a minute for those who say %s, after a thousand', async (_, nameOf) => {
    const guesses = guessing();
    let through = 0;
    const all = async () => {
      for (let n = 0; n < 1_100; n++) through += await tried(guesses, said(nameOf(through + n)), 1);
      return through;
    };
    expect(await all()).toBe(1_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await all()).toBe(1_300);
  });

  it('keep out neither who was right before, nor those of other addresses, nor those who are certain', async () => {
    const guesses = guessing();
    guesses.right({ at: 'hook', sender: said('known') });
    for (let n = 0; n < 1_100; n++) await tried(guesses, said(`forged ${n}`), 1);
    const isAllowed = async (sender: Sender) => (await guesses.judge({ at: 'hook', sender })).allowed;
    expect(await isAllowed(said('new'))).toBe(false);
    for (const one of [said('known'), said('new', 'other proxy'), certain('proxy'), certain('b')])
      expect(await isAllowed(one), JSON.stringify(one)).toBe(true);
    // Knowing the secret once is no leave to try others.
    expect(await tried(guesses, said('known'), 1_000)).toBe(100);
    // And of those who are certain, none has fewer attempts.
    expect(await tried(guesses, certain('c'), 1_000)).toBe(100);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBus } from '../bus/index.ts';
import { openThrottle } from '../throttle/index.ts';
import { createGuesses } from './guesses.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const guessing = () => createGuesses(openThrottle({ redis: undefined, bus: createBus() }));

/** How many of these attempts, all wrong, were let through. */
async function tried(guesses: ReturnType<typeof guessing>, sender: string | null, count: number, at = 'hook') {
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
    expect(await tried(guesses, 'a', 1_000)).toBe(100);
    expect(await guesses.judge({ at: 'hook', sender: 'a' })).toEqual({ allowed: false, retryAfterMs: 2_000 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await tried(guesses, 'a', 1_000)).toBe(30);
  });

  it('keep no other sender out, and nobody from another secret', async () => {
    const guesses = guessing();
    await tried(guesses, 'a', 1_000);
    expect((await guesses.judge({ at: 'hook', sender: 'b' })).allowed).toBe(true);
    expect((await guesses.judge({ at: 'other', sender: 'a' })).allowed).toBe(true);
  });

  it('from many addresses leave each of them three, and keep out nobody who was never wrong', async () => {
    const guesses = guessing();
    for (let n = 0; n < 20; n++) await tried(guesses, `bot ${n}`, 100);
    expect(await tried(guesses, 'next bot', 1_000)).toBe(3);
    for (let n = 0; n < 1_000; n++) expect((await guesses.judge({ at: 'hook', sender: 'right' })).allowed).toBe(true);
  });

  it('of senders that cannot be told apart are not slowed, because one could keep out all', async () => {
    expect(await tried(guessing(), null, 1_000)).toBe(1_000);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBodies } from './bodies.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Room for a hundred bytes, of which ten of each body are not counted. */
const bodies = () => createBodies({ all: 100, free: 10, waitMs: 1_000 });
const isSettled = async (promise: Promise<unknown> | undefined): Promise<boolean> => {
  const open = Symbol();
  await vi.advanceTimersByTimeAsync(0);
  return (await Promise.race([promise, Promise.resolve(open)])) !== open;
};

describe('the bodies of all requests', () => {
  it('are held without waiting as long as there is room', () => {
    const { open } = bodies();
    for (let n = 0; n < 2; n++) expect(open().take(60)).toBeUndefined();
  });

  it('wait for room, and go on as soon as another one has ended', async () => {
    const { open } = bodies();
    const [first, second] = [open(), open()];
    expect(first.take(100)).toBeUndefined();
    const more = second.take(90);
    expect(await isSettled(more)).toBe(false);
    first.giveAllBack();
    expect(await more).toBe(true);
    expect(await isSettled(open().take(90))).toBe(false);
  });

  it('are refused if no room comes in time', async () => {
    const { open } = bodies();
    open().take(110);
    const more = open().take(50);
    await vi.advanceTimersByTimeAsync(999);
    expect(await isSettled(more)).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await more).toBe(false);
  });

  it('are not counted while they are small, whatever the large ones hold', () => {
    const { open } = bodies();
    open().take(110);
    for (let n = 0; n < 1_000; n++) expect(open().take(10)).toBeUndefined();
  });

  it('never wait for each other: the one that began first goes on, then the next', async () => {
    const { open } = bodies();
    const [first, second, third] = [open(), open(), open()];
    for (const one of [first, second, third]) expect(one.take(40)).toBeUndefined();
    const waiting = [second.take(40), third.take(40)];
    expect(first.take(40)).toBeUndefined();
    expect([await isSettled(waiting[0]), await isSettled(waiting[1])]).toEqual([false, false]);
    first.giveAllBack();
    expect(await waiting[0]).toBe(true);
    second.giveAllBack();
    expect(await waiting[1]).toBe(true);
  });

  it('give back what they no longer hold, and all of it', async () => {
    const { open } = bodies();
    const [one, other] = [open(), open()];
    one.take(110);
    one.giveBack(60);
    expect(other.take(70)).toBeUndefined();
    one.giveAllBack();
    other.giveAllBack();
    for (let n = 0; n < 3; n++) {
      const all = open();
      expect(all.take(110)).toBeUndefined();
      all.giveAllBack();
    }
  });

  it('are given up, the slowest first, if they come slowly while others wait for their room', async () => {
    const { open } = createBodies({ all: 1_000_000, free: 10, waitMs: 5_000 });
    const stopped: string[] = [];
    const coming = (name: string, bytes: number) => {
      const one = open();
      one.receiving(() => {
        stopped.push(name);
        one.giveAllBack();
      });
      expect(one.take(bytes)).toBeUndefined();
      return one;
    };
    coming('slow', 40_000);
    coming('slower', 20_000);
    coming('quick', 800_000);
    // Its sender has done its part: only its run takes long.
    coming('received', 100).receiving(null);
    const waits = open().take(190_000);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(stopped).toEqual([]);
    await vi.advanceTimersByTimeAsync(600);
    expect(stopped).toEqual(['slower', 'slow']);
    expect(await waits).toBe(true);
  });

  it('are not slow because they wait for room themselves', async () => {
    const { open } = createBodies({ all: 1_000_000, free: 10, waitMs: 60_000 });
    const stopped = vi.fn();
    const first = open();
    expect(first.take(990_000)).toBeUndefined();
    const second = open();
    second.receiving(stopped);
    expect(second.take(9_000)).toBeUndefined();
    const waits = second.take(100_000);
    await vi.advanceTimersByTimeAsync(20_000);
    first.giveAllBack();
    expect(await waits).toBe(true);
    open().take(950_000);
    await vi.advanceTimersByTimeAsync(2_900);
    expect(stopped).not.toHaveBeenCalled();
  });
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createListeners, type Listener, type Listeners } from './listeners.ts';

let listeners: Listeners;
let open: { id: string; hint: () => void; end: () => void; isClosed: boolean }[];
let hinted: string[];
beforeEach(() => {
  vi.useFakeTimers();
  [listeners, open, hinted] = [createListeners(), [], []];
});
afterEach(() => {
  listeners.close();
  vi.useRealTimers();
});

const listener = (id: string, mark = 'm', forMs = 60_000): Listener => ({
  ...{ id, mark, forMs },
  open: async (hint) => {
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const one = { id, hint, end, isClosed: false };
    open.push(one);
    const close = (): void => {
      one.isClosed = true;
    };
    return { ended, close };
  },
  hint: () => void hinted.push(id),
});

it('open what is not open at each look, and something else if what is watched has changed', async () => {
  listeners.keep(listener('a'));
  listeners.keep(listener('a'));
  await vi.advanceTimersByTimeAsync(0);
  expect(open).toHaveLength(1);
  listeners.keep(listener('a', 'other'));
  await vi.advanceTimersByTimeAsync(0);
  expect(open.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  open[1]!.end();
  await vi.advanceTimersByTimeAsync(0);
  listeners.keep(listener('a', 'other'));
  expect(open).toHaveLength(3);
});

it('pass a hint on at once, and many as one in each second', async () => {
  listeners.keep(listener('a'));
  await vi.advanceTimersByTimeAsync(0);
  for (let count = 0; count < 50; count += 1) open[0]!.hint();
  expect(hinted).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hinted).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(hinted).toHaveLength(2);
  open[0]!.hint();
  expect(hinted).toHaveLength(3);
});

it('end when another worker looks, when the watch is over, and in any case after ten minutes', async () => {
  listeners.keep(listener('a', 'm', 5_000));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(open[0]!.isClosed).toBe(true);
  listeners.keep(listener('b'));
  await vi.advanceTimersByTimeAsync(0);
  listeners.end('b');
  expect(open[1]!.isClosed).toBe(true);
  listeners.keep(listener('c', 'm', 10_000_000));
  await vi.advanceTimersByTimeAsync(600_000);
  expect(open[2]!.isClosed).toBe(true);
});

it('close at once what opens too late, and live with what cannot be opened', async () => {
  listeners.keep(listener('a'));
  listeners.end('a');
  await vi.advanceTimersByTimeAsync(0);
  expect(open[0]!.isClosed).toBe(true);
  listeners.keep({ ...listener('b'), open: async () => Promise.reject(new Error('no')) });
  listeners.keep({ ...listener('c'), open: async () => null });
  await vi.advanceTimersByTimeAsync(700_000);
  expect(hinted).toEqual([]);
});

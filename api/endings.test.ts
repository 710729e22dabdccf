import { describe, expect, it, vi } from 'vitest';
import { runRecord } from '../db/testing/records.ts';
import { createEndings } from './endings.ts';

const ended = (change: object = {}) =>
  runRecord({ status: 'succeeded', endedAt: '2026-01-01T00:00:01.000Z', historyLength: 3, ...change });

describe('endings', () => {
  it('hands the record of a run that ended in its first task to everyone who watches it', async () => {
    const endings = createEndings();
    const [first, second, other] = [endings.watch('r1'), endings.watch('r1'), endings.watch('r2')];
    const record = ended();
    endings.ended(record);
    expect(await first.atOnce(60_000)).toBe(record);
    expect(endings.tells(record)).toBe(true);
    expect(await second.atOnce(60_000)).toBe(record);
    expect(endings.tells(record)).toBe(false);
    expect(endings.tells(ended({ runId: 'r2' }))).toBe(true);
    other.stop();
    expect(endings.tells(ended({ runId: 'r2' }))).toBe(false);
  });

  it.each([
    ['in a later task', { historyLength: 4 }],
    ['in a later execution', { segment: 1 }],
  ])('lets Temporal tell of a run that ended %s', async (_, change) => {
    const endings = createEndings();
    const watch = endings.watch('r1');
    expect(endings.tells(ended(change))).toBe(false);
    endings.ended(ended(change));
    expect(await watch.atOnce(60_000)).toBeNull();
  });

  it('gives up when the time is up, and takes no notice of ends that nobody watches', async () => {
    vi.useFakeTimers();
    try {
      const endings = createEndings();
      endings.ended(ended());
      const watch = endings.watch('r1');
      const waiting = watch.atOnce(500);
      await vi.advanceTimersByTimeAsync(500);
      expect(await waiting).toBeNull();
      expect(endings.tells(ended())).toBe(false);
      endings.ended(ended());
    } finally {
      vi.useRealTimers();
    }
  });
});

import { describe, expect, it, vi } from 'vitest';
import { patiently } from './patiently.ts';

const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });

describe('patiently', () => {
  it('tries again while the database is unavailable', async () => {
    const work = vi.fn(async () => {
      if (work.mock.calls.length < 3) throw away;
      return 'done';
    });
    expect(await patiently(work, { limitMs: 60_000 })).toBe('done');
  });

  it('gives up in time, with what went wrong', async () => {
    const work = vi.fn(() => Promise.reject(away));
    await expect(patiently(work, { limitMs: 300 })).rejects.toBe(away);
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('does not repeat work that failed for another reason', async () => {
    const wrong = new Error('wrong');
    const work = vi.fn(() => Promise.reject(wrong));
    await expect(patiently(work, { limitMs: 60_000 })).rejects.toBe(wrong);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('ends when the step is cancelled', async () => {
    const stop = new AbortController();
    const waiting = patiently(() => Promise.reject(away), { limitMs: 60_000, signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });
});

import { describe, expect, it } from 'vitest';
import { onceReleased, StillInUse, saysStillInUse } from './after-another.ts';

/** A start that throws these errors in turn, and then succeeds. */
function startAfter(errors: readonly Error[]) {
  let calls = 0;
  const start = async () => {
    const error = errors[calls++];
    if (error) throw error;
    return 'started';
  };
  return { start, calls: () => calls };
}

describe('a start after another Postgres', () => {
  it('is tried again while the other one still uses the data, and for no other reason', async () => {
    const released = startAfter([new StillInUse(), new StillInUse()]);
    expect(await onceReleased(released.start, {})).toBe('started');
    expect(released.calls()).toBe(3);
    const broken = startAfter([new StillInUse(), new Error('broken')]);
    await expect(onceReleased(broken.start, {})).rejects.toThrow('broken');
    expect(broken.calls()).toBe(2);
  });

  it('gives up after some time, with the reason', async () => {
    const never = () => Promise.reject(new StillInUse('still in use'));
    await expect(onceReleased(never, { withinMs: 150 })).rejects.toThrow('still in use');
  });

  it('gives up when it is aborted', async () => {
    const { calls, start } = startAfter([new StillInUse('still in use')]);
    await expect(onceReleased(start, { signal: AbortSignal.abort() })).rejects.toThrow('still in use');
    expect(calls()).toBe(1);
  });

  it('knows the words of Postgres on each system', () => {
    const unix = 'FATAL:  pre-existing shared memory block (key 10010667, ID 2981910) is still in use';
    const windows = 'FATAL:  pre-existing shared memory block is still in use';
    const port = 'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use';
    expect([unix, windows, port].map(saysStillInUse)).toEqual([true, true, false]);
  });
});

import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, expect, it, vi } from 'vitest';
import { keepAlive } from './heartbeat.ts';

afterEach(() => void vi.useRealTimers());

it.each([
  ['of ten seconds, three times', 10_000, 9_000, 3],
  ['of half a minute, once, long before it is over', 30_000, 18_000, 1],
  ['that is not set, every few seconds', undefined, 9_000, 3],
])('heartbeats within a timeout %s', async (_name, heartbeatTimeoutMs, ms, times) => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const environment = new MockActivityEnvironment({ heartbeatTimeoutMs });
  let beats = 0;
  environment.on('heartbeat', () => beats++);
  await environment.run(async () => {
    const stop = keepAlive();
    vi.advanceTimersByTime(ms);
    stop();
    vi.advanceTimersByTime(60_000);
  });
  expect(beats).toBe(times);
});

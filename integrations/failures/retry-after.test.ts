import { describe, expect, it } from 'vitest';
import { retryAfterMs, type WaitHints } from './retry-after.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const later = (ms: number) => new Date(NOW + ms).toUTCString();
const wait = (headers: Record<string, string>, hints?: WaitHints, body?: unknown) =>
  retryAfterMs({ headers, body }, hints, NOW);

describe('how long a server asks to wait', () => {
  it.each([
    [{ 'retry-after': '2' }, 2_000],
    [{ 'retry-after': ' 2 ' }, 2_000],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': later(3_000) }, 3_000],
    [{ 'retry-after': later(-3_000) }, 0],
    [{ 'retry-after-ms': '1500', 'retry-after': '60' }, 1_500],
    [{ 'retry-after': '999999999999' }, 86_400_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{}, undefined],
  ])('%j', (headers, ms) => {
    expect(wait(headers as Record<string, string>)).toBe(ms);
  });

  it('compares moments with the clock of the server', () => {
    const headers = { date: later(-3_600_000), 'retry-after': later(-3_590_000) };
    expect(wait(headers)).toBe(10_000);
  });

  it('reads what providers write in headers of their own, and waits for the last of several limits', () => {
    const headers = {
      'x-ratelimit-reset-requests': '20ms',
      'x-ratelimit-reset-tokens': '6m0s',
      'x-ratelimit-reset': String(NOW / 1_000 + 30),
    };
    const durations = { 'x-ratelimit-reset-requests': 'duration', 'x-ratelimit-reset-tokens': 'duration' } as const;
    expect(wait(headers, { headers: durations })).toBe(360_000);
    expect(wait(headers, { headers: { 'x-ratelimit-reset': 'epochSeconds' } })).toBe(30_000);
    expect(wait({ reset: String(NOW + 5) }, { headers: { reset: 'epochMilliseconds' } })).toBe(5);
    expect(wait({ reset: '1h30m' }, { headers: { reset: 'duration' } })).toBe(5_400_000);
    expect(wait({ reset: 'never' }, { headers: { reset: 'duration' } })).toBeUndefined();
  });

  it('reads what providers write in the body', () => {
    const telegram = { parameters: { retry_after: 35 } };
    expect(wait({}, { body: { 'parameters.retry_after': 'seconds' } }, telegram)).toBe(35_000);
    const gemini = { error: { details: [{ '@type': 'QuotaFailure' }, { '@type': 'RetryInfo', retryDelay: '42.5s' }] } };
    expect(wait({}, { body: { 'error.details.[].retryDelay': 'duration' } }, gemini)).toBe(42_500);
    expect(wait({}, { body: { retry_after: 'seconds' } }, 'no object')).toBeUndefined();
  });

  it('prefers the standard header to all others', () => {
    const hints: WaitHints = { headers: { reset: 'seconds' }, body: { wait: 'seconds' } };
    expect(wait({ 'retry-after': '1', reset: '9' }, hints, { wait: 5 })).toBe(1_000);
    expect(wait({ reset: '9' }, hints, { wait: 5 })).toBe(5_000);
  });
});

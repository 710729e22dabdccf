import { describe, expect, it } from 'vitest';
import { pauseAskedFor } from './rate-headers.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const asked = (headers: Record<string, string>, status = 200): number => pauseAskedFor({ status, headers }, NOW);

describe('the pause a provider asks for', () => {
  it.each<[string, number, Record<string, string>]>([
    ['seconds', 7_000, { 'retry-after': '7' }],
    ['a fraction of a second', 350, { 'retry-after': '0.35' }],
    ['milliseconds', 350, { 'retry-after-ms': '350', 'retry-after': '1' }],
    ['a date', 60_000, { 'retry-after': 'Sun, 01 Mar 2026 12:01:00 GMT' }],
    ['a date that is over', 0, { 'retry-after': 'Sun, 01 Mar 2026 11:59:00 GMT' }],
    ['nothing', 1_000, {}],
    ['nothing that can be read', 1_000, { 'retry-after': 'soon' }],
  ])('after a call too many is %s', (_, ms, headers) => {
    expect(asked(headers, 429)).toBe(ms);
  });

  it('counts at 503, too, and at no other status', () => {
    expect(asked({ 'retry-after': '7' }, 503)).toBe(7_000);
    expect(asked({}, 503)).toBe(0);
    expect(asked({ 'retry-after': '7' }, 301)).toBe(0);
    expect(asked({}, 200)).toBe(0);
  });

  it.each<[string, number, Record<string, string>]>([
    ['GitHub', 30_000, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 + 30) }],
    ['Linear', 30_000, { 'x-ratelimit-requests-remaining': '0', 'x-ratelimit-requests-reset': String(NOW + 30_000) }],
    ['Discord', 1_500, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.5', 'x-ratelimit-reset': '1' }],
    ['the third draft of the IETF', 30_000, { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }],
    ['a later draft', 30_000, { ratelimit: 'limit=100, remaining=0, reset=30' }],
    ['the latest draft', 30_000, { ratelimit: '"default";r=0;t=30' }],
    ['a server with a date', 60_000, { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '2026-03-01T12:01:00Z' }],
    ['a server with several limits', 1_000, { 'ratelimit-remaining': '0, 5000', 'ratelimit-reset': '1, 3600' }],
  ])('after the last call is what %s says', (_, ms, headers) => {
    expect(asked(headers)).toBe(ms);
  });

  it('is none while calls are left, or if nobody says until when', () => {
    expect(asked({ 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '30' })).toBe(0);
    expect(asked({ ratelimit: '"default";r=10;t=30' })).toBe(0);
    expect(asked({ 'x-ratelimit-remaining': '0' })).toBe(0);
    expect(asked({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'later' })).toBe(0);
  });
});

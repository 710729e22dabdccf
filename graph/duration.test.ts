import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, MAX_DURATION_MS, parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it.each([
    ['250ms', 250],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['4w', 2_419_200_000],
    ['1w2d3h4m5s6ms', 788_645_006],
    ['0s', 0],
    ['36525d', MAX_DURATION_MS],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    '',
    '5',
    '5 s',
    ' 5s',
    '5s ',
    '-5s',
    '1.5h',
    '30m1h',
    '1h1h',
    '5S',
    '1e3s',
    '٣s',
    'ms',
    '36526d',
    '999999999999w',
    '5s\n',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('refuses values that are not text', () => {
    expect(parseDuration(5 as unknown as string)).toBeNull();
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [-5, '0s'],
    [1500, '1s500ms'],
    [5_400_000, '1h30m'],
    [691_200_000, '8d'],
    [1_209_600_000, '2w'],
  ])('writes %d as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back as the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_DURATION_MS }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});

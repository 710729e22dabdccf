import { formatDuration, parseDuration } from '../../../duration.ts';
import { fail } from '../../error.ts';
import type { Fuel } from '../../types.ts';
import { toNumber } from '../../values.ts';
import { text } from '../arguments.ts';
import type { Functions } from '../types.ts';
import { MAX_TIME_MS } from './calendar.ts';

/** Milliseconds of a duration such as `2d` or `-1h30m`, or of a number of milliseconds. */
export function span(value: unknown): number {
  if (typeof value === 'number') return value;
  const name = text(value, 'A duration');
  const ms = parseDuration(name.replace(/^-/, ''));
  if (ms === null) return fail('argument', `Not a duration: "${name.slice(0, 40)}". Write it as 90s, 1h30m or 2d.`);
  return name.startsWith('-') ? -ms : ms;
}

function inMilliseconds(fuel: Fuel, value: unknown): number {
  const ms = toNumber(fuel, value);
  return Math.abs(ms) <= MAX_TIME_MS ? ms : fail('argument', 'The duration is out of range.');
}

/** Durations. */
export const duration: Functions = {
  'duration.ms': {
    signature: 'duration.ms(text)',
    summary: 'The milliseconds of a duration.',
    example: ["duration.ms('1h30m')", 5_400_000],
    takes: [1, 1],
    run: (_fuel, [value]) => span(text(value, 'duration.ms')),
  },
  'duration.format': {
    signature: 'duration.format(ms)',
    summary: 'The duration of that many milliseconds, with a minus if there are fewer than none.',
    example: ['duration.format(5400000)', '1h30m'],
    takes: [1, 1],
    run: (fuel, [value]) => {
      const ms = inMilliseconds(fuel, value);
      return Math.round(ms) < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms);
    },
    before: (fuel, [value]) => formatDuration(inMilliseconds(fuel, value)),
  },
};

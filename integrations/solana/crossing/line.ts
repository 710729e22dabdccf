import { compare, type Decimal, decimalOf, minus, percentOf, plus } from '../notation/decimal.ts';

/** Which way a value goes through a threshold. */
export type Direction = 'above' | 'below';

/** A threshold that is crossed in one direction. */
export interface Line {
  readonly direction: Direction;
  readonly threshold: Decimal;
  /** How far back the value must go before it can cross again. */
  readonly rearm: Decimal;
}

/** The ends of what a value may be. They are equal if it is known exactly. */
export interface Range {
  readonly low: Decimal;
  readonly high: Decimal;
}

/** The line of a direction. `hysteresis` is in percent of the threshold. */
export function lineOf(direction: Direction, threshold: Decimal, hysteresis: number): Line {
  const margin = percentOf(decimalOf(hysteresis), threshold);
  return { direction, threshold, rearm: direction === 'above' ? minus(threshold, margin) : plus(threshold, margin) };
}

/** Whether the value is beyond the threshold, wherever in its range it is. */
export const isBeyond = ({ direction, threshold }: Line, { low, high }: Range): boolean =>
  direction === 'above' ? compare(low, threshold) > 0 : compare(high, threshold) < 0;

/** Whether the value has gone back far enough, wherever in its range it is. */
export const isBack = ({ direction, rearm }: Line, { low, high }: Range): boolean =>
  direction === 'above' ? compare(high, rearm) <= 0 : compare(low, rearm) >= 0;

/** Which sums of steps make up a range. */
import type { StepGrain } from '../../schema/index.ts';
import { dayOf, monthOf } from './tally.ts';

/** Sums by day or by month, from a first day until before another one. */
export interface Span {
  readonly grain: StepGrain;
  readonly from: string;
  readonly to: string;
}

/**
 * Whole months, and the days before and after these; together they are the range, and no day is in two of them. A range that
 * begins or ends within a day has all of this day. Times are in UTC.
 */
export function spansOf(from: string, to: string): Span[] {
  const begin = dayOf(from);
  const lastMonth = monthOf(to);
  if (monthOf(begin) === lastMonth) return [{ grain: 'day', from: begin, to }];
  const firstMonth = begin === monthOf(begin) ? begin : nextMonth(begin);
  const spans: Span[] = [
    { grain: 'day', from: begin, to: firstMonth },
    { grain: 'month', from: firstMonth, to: lastMonth },
    { grain: 'day', from: lastMonth, to },
  ];
  return spans.filter((span) => span.from < span.to);
}

function nextMonth(iso: string): string {
  const month = new Date(monthOf(iso));
  month.setUTCMonth(month.getUTCMonth() + 1);
  return month.toISOString();
}

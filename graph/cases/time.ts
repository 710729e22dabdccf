import { parseDuration } from '../duration.ts';
import { parseIso } from '../expression/library/time/calendar.ts';

/** The time at which a run starts if the case does not say. */
export const DEFAULT_CLOCK = '2026-01-01T00:00:00Z';

/** Epoch ms of a time of a case: an ISO time, or a duration after the start. Null if the text is neither. */
export function timeOf(text: string, start: number): number | null {
  const after = parseDuration(text);
  if (after !== null) return start + after;
  const at = parseIso(text);
  return Number.isNaN(at) ? null : at;
}

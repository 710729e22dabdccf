import type { Json } from '../../../graph/json.ts';
import { refuse } from './refusal.ts';

/** Seconds since 1970 as milliseconds. @throws NodeError `price.undated` if it is no such time */
export function momentOf(seconds: Json | undefined): number {
  if (typeof seconds === 'string' && /^[0-9]{9,11}$/.test(seconds)) return Number(seconds) * 1_000;
  throw refuse('undated', 'The feed does not say when its price was true.', true);
}

import type { JsonObject } from '../json.ts';

/** The trigger that fired, as `trigger` shows it to expressions. */
export interface TriggerInfo extends JsonObject {
  readonly id: string | null;
  readonly uses: string;
  readonly at: string;
  readonly key: string | null;
}

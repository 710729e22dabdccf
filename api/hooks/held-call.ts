import type { JsonObject } from '../../graph/json.ts';

/** A call of a webhook as it is held. */
export interface HeldCall {
  /** Its sender was verified. */
  readonly verified: boolean;
  /** Why it was refused. */
  readonly problem: string | null;
  /** What `trigger` holds for it: credentials and signatures are redacted. */
  readonly fields: JsonObject;
  /** Size of a body that is too large to be held. */
  readonly leftOutBytes: number | null;
}

import type { JsonObject } from '../../../graph/json.ts';
import type { Head } from '../request.ts';

/** What a check may use besides the request. */
export interface CheckOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How far a signed time may be from now, in milliseconds. */
  readonly toleranceMs: number;
  /** `hmac` of the trigger. */
  readonly hmac: JsonObject;
}

/** A key that a secret stands for. */
export type Key = Uint8Array | string;

/** How the requests of one kind of sender are verified. Pure: no clock, no store. */
export interface Preset {
  /** The key that a stored secret stands for; null if it is none, and then nothing is let in. Absent: the text itself. */
  key?(secret: string): Key | null;
  /** Whether somebody who has one of the keys sent these bytes just now. */
  check(request: Head, body: Buffer, keys: readonly Key[], options: CheckOptions): boolean;
  /** The sender's id of the event, the same in each delivery; null if there is none. Absent: the sender has none. */
  eventId?(request: Head, body: unknown): string | null;
  /** The sender sends the secret itself, in a header: people choose it, strangers can try it, and no body proves anything. */
  readonly isGuessable?: true;
  /** What a 401 names in `www-authenticate`. */
  readonly scheme?: string;
}

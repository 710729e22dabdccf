import { parseDuration } from '../../graph/duration.ts';
import type { JsonObject } from '../../graph/json.ts';
import { HOOK_BYTES, REPLY_WITHIN_MS, TOLERANCE_MS, WEBHOOK } from '../../graph/node-types/webhook-trigger.ts';
import type { Problem } from '../../graph/problems/problem.ts';
import { checkValue } from '../../graph/validate/schemas/check-value.ts';

/** What a webhook's trigger says, with its defaults. */
export interface HookOptions {
  readonly verify: string;
  readonly hmac: JsonObject;
  readonly toleranceMs: number;
  readonly methods: readonly string[];
  /** `/orders/:id`; null takes whatever follows. */
  readonly path: string | null;
  readonly maxBytes: number;
  readonly origins: readonly string[];
  /** How long the caller waits for an answer; null if it does not wait. */
  readonly replyWithinMs: number | null;
}

/** Reads the parameters of a trigger, or says what is wrong with them: variables may have any value. */
export function hookOptions(given: JsonObject): HookOptions | Problem {
  const wrong = checkValue(given, WEBHOOK.with, '', 'with')[0];
  if (wrong) return wrong;
  const { verify, hmac, methods, path, maxBytes, origins, reply } = given;
  const ms = (value: unknown, fallback: number) => (typeof value === 'string' && parseDuration(value)) || fallback;
  return {
    verify: verify as string,
    hmac: (hmac ?? {}) as JsonObject,
    toleranceMs: ms(given.tolerance, TOLERANCE_MS),
    methods: (methods ?? ['POST']) as string[],
    path: (path ?? null) as string | null,
    maxBytes: (maxBytes ?? HOOK_BYTES) as number,
    origins: ((origins ?? []) as string[]).map((origin) => origin.toLowerCase()),
    replyWithinMs: reply === 'sync' ? ms(given.replyWithin, REPLY_WITHIN_MS) : null,
  };
}

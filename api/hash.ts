import { createHash } from 'node:crypto';
import { canonicalJson } from '../graph/index.ts';
import type { JsonObject } from '../graph/json.ts';

/**
 * A hash of a caller's request: the same for the same content, whatever the order of its keys. Text that UTF-8 cannot
 * encode is compared as it was sent.
 */
export function hashOf(body: JsonObject): string {
  let text: string;
  try {
    text = canonicalJson(body);
  } catch {
    text = JSON.stringify(body);
  }
  return createHash('sha256').update(text).digest('hex');
}

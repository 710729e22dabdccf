import { createHash } from 'node:crypto';
import { canonicalJson } from '../graph/index.ts';
import type { JsonObject } from '../graph/json.ts';

/**
 * A hash of what a caller said: the same for the same content, whatever the order of its keys. Text that no UTF-8 can
 * carry is compared as it was sent.
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

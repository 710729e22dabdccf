import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../../graph/json.ts';
import { firingParameter, triggerInfo } from '../../graph/start/index.ts';
import type { Hook } from './find-hook.ts';
import type { Received } from './request.ts';
import type { Preset } from './verify/types.ts';

/** Longest key that is kept as it is. Of a longer one, the hash tells as well whether two are the same. */
const MAX_KEY = 255;

/**
 * What makes two requests the same event: the trigger's `dedupe`, else the id that its kind of sender gives. Undefined if
 * there is neither.
 *
 * @throws StartError `trigger.expression`
 */
export function eventKey(
  { row, graph, vars }: Hook,
  received: Received,
  { preset, body, fields }: { preset: Preset; body: Json; fields: JsonObject },
): string | undefined {
  const trigger = triggerInfo(graph, row.id, { at: new Date().toISOString(), key: null, input: body, fields });
  const given = firingParameter(graph, row.id, 'dedupe', { trigger, vars });
  const key = given === undefined ? preset.eventId?.(received, body) : given;
  if (key === undefined || key === null || key === '') return undefined;
  const text = typeof key === 'string' ? key : JSON.stringify(key);
  return text.length <= MAX_KEY ? text : createHash('sha256').update(text).digest('hex');
}

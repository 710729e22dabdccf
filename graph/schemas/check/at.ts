import { escapeSegment } from '../../pointer.ts';

/** A place in a value or in a schema: how to get there from its root, which is null. */
export type At = { readonly above: At; readonly key: string | number } | null;

/** The JSON Pointer of a place. */
export function pointerOf(at: At): string {
  const parts: string[] = [];
  for (let place = at; place !== null; place = place.above) parts.push(`/${escapeSegment(String(place.key))}`);
  return parts.reverse().join('');
}

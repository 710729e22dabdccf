/** True if a value takes more than `limit` bytes of JSON in UTF-8. A value that is far larger is never written. */
export const exceeds = (value: unknown, limit: number): boolean =>
  roomAfter(value, limit) < 0 || textExceeds(JSON.stringify(value) ?? '', limit);

/**
 * What is left of `room` bytes after a value, at most: escapes and digits are not counted. Negative as soon as it is clear
 * that the value does not fit.
 */
function roomAfter(value: unknown, room: number): number {
  if (typeof value === 'string') return room - value.length - 2;
  if (typeof value !== 'object' || value === null) return room - 1;
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return room;
  let left = room - 2;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && left >= 0; index++) left = roomAfter(value[index], left);
    return left;
  }
  for (const key of Object.keys(value)) {
    if (left < 0) break;
    const entry = (value as Record<string, unknown>)[key];
    if (entry !== undefined) left = roomAfter(entry, left - key.length - 3);
  }
  return left;
}

/** True if a text takes more than `limit` bytes of UTF-8. */
export function textExceeds(text: string, limit: number): boolean {
  // A UTF-16 unit takes at most three bytes of UTF-8, so short texts need no counting.
  return text.length > limit || (text.length * 3 > limit && utf8Length(text) > limit);
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A surrogate pair takes four bytes, so each half counts two.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}

/** True if a value takes more than `limit` bytes of JSON in UTF-8. */
export const exceeds = (value: unknown, limit: number): boolean => textExceeds(JSON.stringify(value) ?? '', limit);

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

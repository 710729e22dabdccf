/** UTF-8 without TextEncoder, because the workflow sandbox takes TextEncoder from its host. */

/** The bytes of a text. A lone surrogate becomes U+FFFD, as in TextEncoder. */
export function toUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = scalarAt(text, index);
    if (code > 0xffff) index += 1;
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = 0x80 | (code & 63);
    } else {
      if (code < 0x10000) {
        bytes[length++] = 0xe0 | (code >> 12);
      } else {
        bytes[length++] = 0xf0 | (code >> 18);
        bytes[length++] = 0x80 | ((code >> 12) & 63);
      }
      bytes[length++] = 0x80 | ((code >> 6) & 63);
      bytes[length++] = 0x80 | (code & 63);
    }
  }
  return bytes.subarray(0, length);
}

function scalarAt(text: string, index: number): number {
  const code = text.codePointAt(index) ?? 0;
  return code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
}

/** The smallest code point that needs that many bytes. A smaller one in as many bytes is malformed. */
const LEAST = [0, 0, 0x80, 0x800, 0x10000];

/** The text of UTF-8 bytes, or null if they are not well-formed. */
export function fromUtf8(bytes: Uint8Array): string | null {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index] ?? 0;
    const size =
      first < 0x80
        ? 1
        : first >= 0xc2 && first < 0xe0
          ? 2
          : first >= 0xe0 && first < 0xf0
            ? 3
            : first >= 0xf0 && first < 0xf5
              ? 4
              : 0;
    if (size === 0 || index + size > bytes.length) return null;
    let code = size === 1 ? first : first & (0xff >> (size + 1));
    for (let next = 1; next < size; next += 1) {
      const byte = bytes[index + next] ?? 0;
      if ((byte & 0xc0) !== 0x80) return null;
      code = (code << 6) | (byte & 63);
    }
    if (code < (LEAST[size] ?? 0) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
    part += String.fromCodePoint(code);
    if (part.length > 1024) {
      parts.push(part);
      part = '';
    }
    index += size;
  }
  return parts.join('') + part;
}

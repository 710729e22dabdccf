/** Text encodings, named and decoded as in the WHATWG Encoding Standard, but strictly: no letter is replaced. */

const BOMS: readonly (readonly [bytes: readonly number[], encoding: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe, 0, 0], 'utf-32le'],
  [[0, 0, 0xfe, 0xff], 'utf-32be'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
  // `<?` of an XML text that begins without a mark.
  [[0x3c, 0, 0x3f, 0], 'utf-16le'],
  [[0, 0x3c, 0, 0x3f], 'utf-16be'],
];

/** True for a name that `decodeText` knows, such as `utf-8`, `windows-1252`, `iso-8859-15` or `shift_jis`. */
export function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}

/** The encoding that the first bytes indicate, such as a byte order mark, or null. */
export function encodingOfMark(bytes: Uint8Array): string | null {
  return BOMS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1] ?? null;
}

/**
 * The encoding that a document declares in letters that were read as ASCII. It has no two bytes for a letter, or they would
 * not have been read: programs declare `utf-16`, as texts are in their memory, and write UTF-8.
 */
export const declaredEncoding = (name: string): string => (/^(utf-?(16|32)|ucs-?[24])/i.test(name) ? 'utf-8' : name);

/**
 * The encoding that an HTML page declares, or null: the `charset` of a meta element, or the one in the `content` of a meta
 * element that stands for a content type. @param html the beginning of the page, read as ASCII
 */
export function encodingOfMeta(html: string): string | null {
  const visible = html.replaceAll(/<!--.*?(-->|$)/gs, '');
  for (const [, written = ''] of visible.matchAll(/<meta[\s/]((?:[^>"']|"[^"]*"|'[^']*')*)/gi)) {
    const attributes = new Map(
      [...written.matchAll(/([^\s=/"']+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/g)].map(
        ([, name = '', double, single, bare]) => [name.toLowerCase(), double ?? single ?? bare ?? ''],
      ),
    );
    const charset = attributes.get('charset')?.trim();
    if (charset) return charset;
    if (attributes.get('http-equiv')?.trim().toLowerCase() !== 'content-type') continue;
    const named = /charset\s*=\s*["']?\s*([^\s"';]+)/i.exec(attributes.get('content') ?? '')?.[1];
    if (named !== undefined) return named;
  }
  return null;
}

/** Bytes as text, without a byte order mark. Null if they are not in that encoding, or the encoding is unknown. */
export function decodeText(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

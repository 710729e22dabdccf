import { NodeError } from '../error.ts';

type Received = Record<string, string | string[] | undefined>;

/** Headers of an answer: one text each, names in lower case. Repeated ones are joined as in HTTP, cookies by line. */
export function readHeaders(received: Received): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value === undefined) continue;
    read[name] = textOf(Array.isArray(value) ? value.join(name === 'set-cookie' ? '\n' : ', ') : value);
  }
  return read;
}

/**
 * Where a redirect leads. Many servers write the bytes of an address unescaped, so each byte is escaped here: the
 * server gets back the bytes it sent, whether they are UTF-8 or not.
 */
export function readLocation({ location }: Received): string | null {
  const value = Array.isArray(location) ? location[0] : location;
  return value?.replace(/[\x80-\xff]/g, (byte) => encodeByte(byte)) ?? null;
}

/** Headers that the HTTP client itself writes. An author's value would break the message or deceive the guard. */
const OWN_HEADERS =
  /^(:.*|host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

/** Whether only the HTTP client may write this header. */
export const isOwnHeader = (name: string): boolean => OWN_HEADERS.test(name);

/**
 * Refuses headers that the HTTP client itself writes. Many front ends route by `host`: a request to one site with the
 * name of another would carry the credential of the first to the second.
 *
 * @throws NodeError `http.headers`
 */
export function refuseOwnHeaders(headers: Readonly<Record<string, string>>): void {
  const name = Object.keys(headers).find(isOwnHeader);
  if (name === undefined) return;
  throw new NodeError(
    'http.headers',
    `The header "${name}" is written by the HTTP client itself, from the address and the body. Leave it out.`,
  );
}

/**
 * Refuses header values that cannot be sent.
 *
 * @throws NodeError `http.headers`
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    const [bad] = /[^\t\x20-\x7e\x80-\xff]/u.exec(value) ?? [];
    if (bad === undefined) continue;
    const what = /[\r\n]/.test(bad)
      ? 'a line break; remove it, for example with .trim()'
      : /\p{Cc}/u.test(bad)
        ? 'a control character; remove it'
        : `${JSON.stringify(bad)}, and headers hold Latin-1 only; encode it as the server expects it`;
    throw new NodeError('http.headers', `The header "${name}" holds ${what}.`);
  }
}

/** The HTTP client reads one character per byte. Bytes that are valid UTF-8 are decoded as UTF-8. */
function textOf(value: string): string {
  if (!/[\x80-\xff]/.test(value)) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return value;
  }
}

const encodeByte = (byte: string): string => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

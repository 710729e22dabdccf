import { MAX_HEADER, MAX_TEXT } from './limits.ts';

/** The parts of a mail that are read from its source. */
export interface Content {
  readonly messageId: string;
  readonly subject: string;
  /** The first text part, decoded. For a mail with only HTML, that is the HTML. */
  readonly text: string;
}

/** Reads Message-ID, subject and first text of a raw mail (one character per byte). */
export function readMail(raw: string): Content {
  const part = splitPart(raw);
  return {
    messageId: (part.headers['message-id'] ?? '').slice(0, MAX_HEADER),
    subject: decodeWords((part.headers.subject ?? '').slice(0, MAX_HEADER)),
    text: firstText(part).replaceAll('\r\n', '\n').trimEnd().slice(0, MAX_TEXT),
  };
}

interface Part {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function splitPart(raw: string): Part {
  const end = raw.indexOf('\r\n\r\n');
  const head = end < 0 ? raw : raw.slice(0, end);
  const headers: Record<string, string> = Object.create(null);
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body: end < 0 ? '' : raw.slice(end + 4) };
}

/** Depth first: the first `text/*` leaf of a multipart mail (RFC 2046). */
function firstText(part: Part): string {
  const type = part.headers['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
  if (/^multipart\//i.test(type) && boundary !== undefined) {
    for (const piece of part.body.split(`--${boundary}`).slice(1, -1)) {
      const text = firstText(splitPart(piece.replace(/^\r\n/, '')));
      if (text !== '') return text;
    }
    return '';
  }
  return /^text\//i.test(type) ? decodeBody(part.body, part.headers['content-transfer-encoding'] ?? '7bit') : '';
}

function decodeBody(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8');
  const bytes = /quoted-printable/i.test(encoding) ? unquote(body.replaceAll('=\r\n', '')) : body;
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const unquote = (text: string) =>
  text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Decodes the encoded words of a header (RFC 2047). White space between two encoded words is dropped. */
function decodeWords(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?[^?]+\?([BQ])\?([^?]*)\?=/gi, (_, encoding: string, text: string) =>
      encoding.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString('utf8')
        : Buffer.from(unquote(text.replaceAll('_', ' ')), 'latin1').toString('utf8'),
    );
}

import type { OpenConnection } from '../integrations/context.ts';

/** Stands where a secret stood. */
export const HIDDEN = '[secret]';

/** Shorter secrets are not searched for, because they would be found in texts that have nothing to do with them. */
const SHORTEST = 6;

/**
 * Removes the secrets of an opened connection from whatever leaves the activity. A node keeps them to itself, but a
 * service may send them back: in an error page, a debug header, a `Location`.
 */
export interface Redactor {
  text(text: string): string;
  /** A text that may have been cut off, perhaps within a secret. */
  cut(text: string): string;
  /** A JSON value, including its keys: the same value if nothing is found in it. */
  value<T>(value: T): T;
  /** Like `value`, for texts that may have been cut off. */
  cutValue<T>(value: T): T;
  bytes(bytes: Uint8Array): Uint8Array;
}

const same = <T>(value: T): T => value;

/** Leaves everything as it is: for nodes without a connection. */
export const KEEPS_ALL: Redactor = { text: same, cut: same, value: same, cutValue: same, bytes: same };

/**
 * The redactor of a connection. It finds each secret unchanged, escaped as in JSON and in addresses, in hex, in base64
 * (even within a longer text, as in HTTP basic authentication), and in base64 of all these.
 *
 * @param secretFields fields that are secret; absent: all fields
 */
export function redactorOf(connection: OpenConnection, secretFields?: readonly string[]): Redactor {
  const fields = secretFields ?? Object.keys(connection.data);
  const secrets = new Set(fields.flatMap((field) => secretsIn(connection.data[field])));
  const forms = [...new Set([...secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return KEEPS_ALL;

  const pattern = new RegExp(forms.map(literal).join('|'), 'g');
  const text = (given: string): string => given.replace(pattern, HIDDEN);
  const cut = (given: string): string => withoutTail(text(given), forms);
  const found = (value: unknown): boolean => {
    const json = JSON.stringify(value);
    return json !== undefined && forms.some((form) => json.includes(form));
  };
  return {
    text,
    cut,
    value: (value) => (found(value) ? replaced(value, text) : value),
    cutValue: (value) => replaced(value, cut),
    bytes: (bytes) => inBytes(bytes, forms),
  };
}

/** The source of a regular expression that matches exactly this text. */
const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Texts of a field that are secret. For an address with a password, the password too. */
function secretsIn(value: unknown): string[] {
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(secretsIn);
  if (typeof value !== 'string') return [];
  const password = URL.parse(value)?.password ?? '';
  return [value, password, unescaped(password)].filter((secret) => secret.length >= SHORTEST);
}

/**
 * The ways in which services show a secret: as text, in hex, in base64, and all of these once more in base64 (a body
 * read as bytes).
 */
function formsOf(secret: string): string[] {
  const inAddress = encodeURIComponent(secret.toWellFormed());
  const inForm = new URLSearchParams({ '': secret }).toString().slice(1);
  const texts = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    inAddress,
    inForm,
    inForm.replaceAll('+', '%20'),
    ...[inAddress, inForm].map((form) => form.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())),
  ];
  const hex = Buffer.from(secret, 'utf8').toString('hex');
  const shown = [...new Set([...texts, hex, hex.toUpperCase()])];
  const encoded = [...new Set(shown.flatMap(base64Forms))];
  return [...shown, ...encoded, ...encoded.flatMap(base64Forms)];
}

/**
 * How base64 shows a text, whatever comes before it. Three bytes become four characters, so there are three ways.
 * Characters that also depend on the neighbouring bytes are left out.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const inside = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const forms = [bytes.toString('base64'), ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** The beginning of a secret at the end of a text, with or without a mark that it was cut. */
function withoutTail(text: string, forms: readonly string[]): string {
  const mark = text.endsWith('…') ? '…' : '';
  const body = text.slice(0, text.length - mark.length);
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, body.length); length >= SHORTEST; length--) {
      if (body.endsWith(form.slice(0, length))) return body.slice(0, -length) + HIDDEN + mark;
    }
  }
  return text;
}

function replaced<T>(value: T, text: (given: string) => string): T;
function replaced(value: unknown, text: (given: string) => string): unknown {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return value.map((entry) => replaced(entry, text));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [text(key), replaced(entry, text)]));
}

function inBytes(bytes: Uint8Array, forms: readonly string[]): Uint8Array {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!forms.some((form) => given.includes(form))) return bytes;
  // One character per byte, so that bytes that are not text stay as they are.
  let text = given.toString('latin1');
  for (const form of forms) text = text.replaceAll(Buffer.from(form, 'utf8').toString('latin1'), HIDDEN);
  return Buffer.from(text, 'latin1');
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import type { OpenConnection } from '../integrations/context.ts';
import { anyOf, HIDDEN, replaceUpTo, withoutSecrets } from './redact-stream.ts';

/** Shorter secrets are not searched for, because they would be found in texts that have nothing to do with them. */
const SHORTEST = 6;

/**
 * Removes the secrets of an opened connection from whatever leaves the activity. A node keeps them to itself, but a
 * service may send them back: in an error page, a debug header, a `Location`.
 */
export interface Redactor {
  /** A whole text. A part of a secret is never removed: that would tell its author that the part is right. */
  text(text: string): string;
  /** What the first `length` characters of a text show. Secrets are found before the text is cut. */
  head(text: string, length: number): string;
  /** A JSON value, including its keys: the same value if nothing is found in it. */
  value<T>(value: T): T;
  bytes(bytes: Uint8Array): Uint8Array;
  /** Bytes as they pass. */
  stream(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

const same = <T>(value: T): T => value;

/** Leaves everything as it is: for nodes without a connection. */
export const KEEPS_ALL: Redactor = {
  text: same,
  head: (text, length) => text.slice(0, length),
  value: same,
  bytes: same,
  stream: same,
};

/** What `ctx.excerpt` is: the beginning of a text, without secrets, with `…` if there is more. */
export const excerptBy =
  ({ head, text }: Redactor) =>
  (given: string, length: number): string =>
    given.length > length ? `${head(given, length)}…` : text(given);

/**
 * The redactor of a connection. It finds each secret unchanged, escaped as in JSON and in addresses, in hex, in base64
 * (even within a longer text, as in HTTP basic authentication), and in base64 of all these.
 *
 * @param secretFields fields that are secret; absent: all fields
 */
export function redactorOf(connection: OpenConnection, secretFields?: readonly string[]): Redactor {
  return redactorOfSecrets(secretsOf(connection, secretFields));
}

/** A redactor that learns secrets on the way, because a connection may get another token while it is used. */
export interface LearningRedactor extends Redactor {
  learn(connection: OpenConnection, secretFields?: readonly string[]): void;
}

/** A redactor that knows no secret yet. */
export function learningRedactor(): LearningRedactor {
  const known = new Set<string>();
  let current = KEEPS_ALL;
  return {
    text: (given) => current.text(given),
    head: (given, length) => current.head(given, length),
    value: (value) => current.value(value),
    bytes: (bytes) => current.bytes(bytes),
    stream: (bytes) => current.stream(bytes),
    learn: (connection, secretFields) => {
      for (const secret of secretsOf(connection, secretFields)) known.add(secret);
      current = redactorOfSecrets(known);
    },
  };
}

function secretsOf(connection: OpenConnection, secretFields?: readonly string[]): Set<string> {
  const fields = secretFields ?? Object.keys(connection.data);
  return new Set(fields.flatMap((field) => secretsIn(connection.data[field])));
}

function redactorOfSecrets(secrets: ReadonlySet<string>): Redactor {
  const forms = [...new Set([...secrets].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return KEEPS_ALL;

  const pattern = anyOf(forms);
  const text = (given: string): string => given.replace(pattern, HIDDEN);
  const found = (value: unknown): boolean => {
    const json = JSON.stringify(value);
    return json !== undefined && forms.some((form) => json.includes(form));
  };
  return {
    text,
    // The longest form comes first.
    head: (given, length) => replaceUpTo(given.slice(0, length + forms[0]!.length), length, pattern).shown,
    value: (value) => (found(value) ? replaced(value, text) : value),
    bytes: (bytes) => inBytes(bytes, forms),
    stream: (bytes) => withoutSecrets(bytes, forms),
  };
}

/** Texts of a field that are secret, and of an address also those parts of it that are keys. */
function secretsIn(value: unknown): string[] {
  if (value !== null && typeof value === 'object') return Object.values(value).flatMap(secretsIn);
  if (typeof value !== 'string') return [];
  const url = URL.parse(value);
  return [value, ...(url ? keysIn(url) : [])].filter((secret) => secret.length >= SHORTEST);
}

/** Shorter parts of an address may be words, such as `mainnet-beta`, which stand elsewhere for what they mean. */
const SHORTEST_KEY = 16;
const NAMES_KEY = /key|token|secret|auth|pass|sig/i;

/** Where services put the key of a customer: the password; for HTTP also the query and the path. */
function keysIn(url: URL): string[] {
  const password = [url.password, unescaped(url.password)];
  if (!/^(https?|wss?):$/.test(url.protocol)) return password;
  const path = url.pathname.split('/').filter((part) => part.length >= SHORTEST_KEY);
  const query = [...url.searchParams].filter(([name, value]) => NAMES_KEY.test(name) || value.length >= SHORTEST_KEY);
  return [...password, ...path.flatMap((part) => [part, unescaped(part)]), ...query.map(([, value]) => value)];
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

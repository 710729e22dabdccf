import { NodeError } from '../error.ts';

type Scalar = string | number | boolean | null;
type Fields = Record<string, Scalar | Scalar[]>;

/**
 * An address to call. The query is kept beside `url`, exactly as its author wrote it, because the URL parser rewrites
 * some characters, and a signature over the exact text must stay valid.
 */
export interface Address {
  /** Origin and path, without query and fragment. */
  readonly url: URL;
  /** Empty, or `?` and the text after it, as it was written. Only characters that cannot be sent are escaped. */
  readonly query: string;
}

/**
 * The address of a request, with query parameters added to the ones it already has.
 *
 * @throws NodeError `http.url`
 */
export function addressOf(text: string, fields: Fields | undefined): Address {
  const address = parseAddress(text);
  if (address === null)
    throw badUrl(
      `The address ${JSON.stringify(text.slice(0, 200))} is not a URL. Write it like https://api.example.com/v1.`,
    );
  const { url } = address;
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw badUrl(`Only http and https addresses can be called, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '') {
    throw badUrl(
      `The address of ${url.host} holds a user or password. Put these into a connection of type http-basic.`,
    );
  }
  return withPairs(address, pairsOf(fields ?? {}));
}

/** Reads an address, relative to another one if necessary. Null if the text is not an address. */
export function parseAddress(text: string, base?: Address): Address | null {
  const href = base && hrefOf(base);
  if (!URL.canParse(text, href)) return null;
  const url = new URL(text, href);
  const written = queryIn(text);
  // An empty reference keeps the query of its base (RFC 3986, 5.2.2).
  const query = written ?? (url.search === '' ? '' : (base?.query ?? url.search));
  url.search = '';
  url.hash = '';
  return { url, query };
}

/** The whole address as text. */
export const hrefOf = ({ url, query }: Address): string => `${url.href}${query}`;

/** Adds parameters after the existing ones. */
export function withPairs<A extends Address>(address: A, pairs: readonly [string, string][]): A {
  if (pairs.length === 0) return address;
  const added = new URLSearchParams([...pairs]).toString();
  const { query } = address;
  const link = query === '' ? '?' : /[?&]$/.test(query) ? '' : '&';
  return { ...address, query: `${query}${link}${added}` };
}

/** Sets a parameter: replaces the one with this name, or adds it after the others, which stay as they are. */
export function withParameter<A extends Address>(address: A, name: string, value: string): A {
  const parts = address.query.slice(1).split('&');
  const place = parts.findIndex((part) => nameOf(part) === name);
  if (place === -1) return withPairs(address, [[name, value]]);
  const pair = new URLSearchParams([[name, value]]).toString();
  const kept = parts.flatMap((part, index) => (index === place ? [pair] : nameOf(part) === name ? [] : [part]));
  return { ...address, query: `?${kept.join('&')}` };
}

/** Name and value pairs for form or query fields: a list repeats the name, null is left out. */
export function pairsOf(fields: Fields): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((entry) => entry !== null)
      .map((entry): [string, string] => [name, String(entry)]),
  );
}

/** An address as errors and logs may show it: without the query, which may hold private data. */
export const shown = (url: URL): string => `${url.origin}${url.pathname}`;

/** The query of a text, `?` included, or null if it has none. */
function queryIn(text: string): string | null {
  const [whole = ''] = text.split('#', 1);
  const start = whole.indexOf('?');
  if (start === -1) return null;
  // The URL parser also ignores line breaks, tabs and outer spaces.
  const query = whole.slice(start).replace(/[\t\r\n]/g, '');
  const ended = text.includes('#') ? query : query.trimEnd();
  return ended.replace(/[^\x21-\x7e]|["<>]/gu, (character) => encodeURIComponent(character.toWellFormed()));
}

/** The name in `name=value`, unescaped. */
const nameOf = (part: string): string | undefined => new URLSearchParams(part).keys().next().value;

const badUrl = (message: string): NodeError => new NodeError('http.url', message);

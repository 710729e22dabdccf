import { NodeError } from '../error.ts';

type Scalar = string | number | boolean | null;
type Fields = Record<string, Scalar | Scalar[]>;

/**
 * The address of a request, with its query parameters added.
 *
 * @throws NodeError `http.url`
 */
export function addressOf(text: string, query: Fields | undefined): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null)
    throw badUrl(
      `The address ${JSON.stringify(text.slice(0, 200))} is no URL. Write it like https://api.example.com/v1.`,
    );
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw badUrl(`Only http and https addresses can be called, not ${url.protocol}`);
  if (url.username !== '' || url.password !== '') {
    throw badUrl(`The address of ${url.host} holds a user or password. Put them into a connection of type http-basic.`);
  }
  for (const [name, value] of pairsOf(query ?? {})) url.searchParams.append(name, value);
  url.hash = '';
  return url;
}

/** Name and value pairs of form or query fields: lists repeat the name, null is left out. */
export function pairsOf(fields: Fields): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((entry) => entry !== null)
      .map((entry): [string, string] => [name, String(entry)]),
  );
}

/** An address as errors and logs may show it: without its query, which may hold what is private. */
export const shown = (url: URL): string => `${url.origin}${url.pathname}`;

const badUrl = (message: string): NodeError => new NodeError('http.url', message);

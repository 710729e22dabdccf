import type { Problem } from '../graph/problems/problem.ts';
import { CliError, EXIT } from './errors.ts';

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends one request to the API and returns its JSON answer with the status and the ETag. */
export type Send = <T>(
  method: string,
  path: string,
  options?: RequestOptions,
) => Promise<{ status: number; body: T; etag: string | null }>;

/** Codes of `cause` that say there is no server, as opposed to a call that broke half-way. */
const NOBODY = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * Builds `send` for the API at `baseUrl`.
 *
 * Throws `CliError`: exit code 3 if there is no server or it cannot work, 2 if it refused the request.
 */
export function createSend(baseUrl: string, fetcher: typeof fetch): Send {
  return async (method, path, options = {}) => {
    const url = urlOf(baseUrl, path);
    for (const [name, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const json = options.body !== undefined && typeof options.body !== 'string';
    let response: Response;
    let text: string;
    try {
      response = await fetcher(url, {
        method,
        headers: {
          accept: 'application/json',
          ...(json && { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body !== undefined && { body: json ? JSON.stringify(options.body) : (options.body as string) }),
        ...(options.signal && { signal: options.signal }),
      });
      text = await response.text();
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw unreachable(baseUrl, error);
    }
    const body = parse(text);
    if (!response.ok) throw refused(baseUrl, response.status, body);
    if (body === undefined) throw notBlok(baseUrl);
    return { status: response.status, body: body as never, etag: response.headers.get('etag') };
  };
}

function urlOf(baseUrl: string, path: string): URL {
  const url = URL.parse(`/api${path}`, baseUrl);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new CliError(EXIT.badInput, 'server.address', `${baseUrl} is no address of a server.`, {
    hint: 'Set BLOK_API to an address such as http://127.0.0.1:4400, or PORT to a port.',
  });
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable(baseUrl: string, error: unknown): CliError {
  const code = (error as { cause?: { code?: string } }).cause?.code ?? '';
  return NOBODY.test(code)
    ? new CliError(EXIT.noServer, 'server.absent', `No Blok server at ${baseUrl}.`, {
        hint: 'Start it with `npm start`, or set BLOK_API to the address of one that runs.',
      })
    : new CliError(EXIT.noServer, 'server.lost', `The connection to ${baseUrl} broke${code && ` (${code})`}.`, {
        hint: 'Runs that were started go on; ask again in a moment.',
      });
}

const notBlok = (baseUrl: string) =>
  new CliError(EXIT.noServer, 'server.notBlok', `What answers at ${baseUrl} is not a Blok server.`, {
    hint: 'Set BLOK_API to the address that `npm start` printed.',
  });

function refused(baseUrl: string, status: number, body: unknown): CliError {
  if (typeof body !== 'object' || body === null) return notBlok(baseUrl);
  const problem = body as { title?: string; detail?: string; code?: string; problems?: Problem[] };
  const message = problem.detail ?? problem.title ?? `The server answered ${status}.`;
  const code = problem.code ?? `http.${status}`;
  if (status >= 500) {
    const hint = 'Runs that were started go on; the output of `npm start` says more.';
    return new CliError(EXIT.noServer, code, message, { hint });
  }
  return new CliError(EXIT.badInput, code, message, problem.problems ? { problems: problem.problems } : {});
}

import type { Answered, Asked, Call } from '../api/client-types.ts';
import type { Problem } from '../graph/problems/problem.ts';
import { CliError, EXIT } from './errors.ts';

/** What is asked; nothing, if nothing needs to be said. */
type Asking<C extends Call> =
  Partial<Asked<C>> extends Asked<C>
    ? [asked?: Asked<C> & { readonly signal?: AbortSignal | undefined }]
    : [asked: Asked<C> & { readonly signal?: AbortSignal | undefined }];

/** Sends one request to the API and returns its JSON answer with the status and the ETag. */
export type Send = <C extends Call>(
  call: C,
  ...asking: Asking<C>
) => Promise<{ status: number; body: Answered<C>; etag: string | null }>;

/** What any call is asked. */
interface AnyAsked {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Codes of `cause` that say there is no server, as opposed to a call that broke half-way. */
const NOBODY = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * Builds `send` for the API at `baseUrl`.
 *
 * Throws `CliError`: exit code 3 if there is no server or it cannot work, 2 if it refused the request.
 */
export function createSend(baseUrl: string, fetcher: typeof fetch): Send {
  return async (call, ...asking) => {
    const asked = (asking[0] ?? {}) as AnyAsked;
    const url = addressOf(baseUrl, call, ...asking);
    let response: Response;
    let text: string;
    try {
      response = await fetcher(url, { ...contentOf(asked), method: methodOf(call), signal: asked.signal ?? null });
      text = await response.text();
    } catch (error) {
      if (asked.signal?.aborted) throw error;
      throw unreachable(baseUrl, error);
    }
    const body = parse(text);
    if (!response.ok) throw refused(baseUrl, response.status, body);
    if (body === undefined) throw notBlok(baseUrl);
    return { status: response.status, body: body as never, etag: response.headers.get('etag') };
  };
}

/** The address of a call, with its query. @throws CliError if `baseUrl` is no address */
export function addressOf<C extends Call>(baseUrl: string, call: C, ...[asked]: Asking<C>): URL {
  const { params = {}, query = {} } = (asked ?? {}) as AnyAsked;
  const path = call.slice(call.indexOf('/')).replace(/:(\w+)/g, (_, name) => encodeURIComponent(params[name]!));
  const url = URL.parse(path, baseUrl);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new CliError(EXIT.badInput, 'server.address', `${baseUrl} is no address of a server.`, {
      hint: 'Set BLOK_API to an address such as http://127.0.0.1:4400, or PORT to a port.',
    });
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** The JSON of an answer. */
export const bodyOf = async <T>(answer: Promise<{ body: T }>): Promise<T> => (await answer).body;

const methodOf = (call: Call): string => call.slice(0, call.indexOf(' '));

/** A body that is text is a graph as YAML; any other is sent as JSON. */
function contentOf({ headers = {}, body }: AnyAsked): { headers: Headers; body: string | null } {
  const sent = new Headers({ accept: 'application/json' });
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) sent.set(name, value);
  if (body === undefined) return { headers: sent, body: null };
  const isText = typeof body === 'string';
  sent.set('content-type', isText ? 'application/yaml' : 'application/json');
  return { headers: sent, body: isText ? body : JSON.stringify(body) };
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

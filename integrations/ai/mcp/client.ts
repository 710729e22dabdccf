import type { Client, ClientOptions } from '@modelcontextprotocol/client';
import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { ProviderCall } from '../../failures/classify.ts';
import { type Access, renewAccess, withAccess, withCredential } from '../../http/access.ts';
import { hrefOf, parseAddress } from '../../http/address.ts';
import type { Fetch } from '../../network/guarded-fetch.ts';
import { answering } from './answering.ts';
import { classified, type Refused } from './errors.ts';
import { exactNumbers } from './exact-numbers.ts';

/** The attempt of the step ends earlier; this is only a longest time that the library must be given. */
const LONGEST_MS = 3_600_000;
/** Largest answer of a server. */
const MAX_BYTES = 4 * 1024 * 1024;

/** One conversation with an MCP server. */
export interface McpServer {
  readonly client: Client;
  /** The limits of each request. */
  readonly options: { readonly signal: AbortSignal; readonly timeout: number };
}

/**
 * Opens a conversation with an MCP server over HTTP for the duration of some work: with the guarded `fetch`, with the
 * credential of the step's connection, and without the library's own reconnecting. What the library throws is classified.
 *
 * @throws NodeError `mcp.*`, `network.*`, `connection.*`
 */
export async function withServer<T>(
  ctx: NodeContext,
  url: string,
  call: ProviderCall,
  work: (server: McpServer) => Promise<T>,
): Promise<T> {
  const address = addressOf(url);
  const { Client, StreamableHTTPClientTransport } = await import('@modelcontextprotocol/client');
  return withAccess(ctx.network, ctx.connection, (access) =>
    classified(ctx, call, async (refused) => {
      const client = new Client({ name: 'blok', version: '1.0.0' }, { jsonSchemaValidator: NO_CHECK });
      const transport = new StreamableHTTPClientTransport(address, {
        fetch: alone(exactNumbers(answering(heard(refused, withAccessOf(access, limited(ctx.fetch)))))),
        reconnectionOptions: {
          ...{ maxRetries: 0, initialReconnectionDelay: 1, maxReconnectionDelay: 1, reconnectionDelayGrowFactor: 1 },
        },
      });
      const options = { signal: ctx.signal, timeout: LONGEST_MS };
      try {
        // No tool is called yet, so a handshake that fails has certainly done nothing.
        await classified(ctx, { what: 'initialize', writes: false }, () => client.connect(transport, options), refused);
        return await work({ client, options });
      } finally {
        await client.close().catch(() => undefined);
      }
    }),
  );
}

/** The library would compile schemas of strangers to code. What a tool answers is data, which nobody relies on. */
const NO_CHECK: NonNullable<ClientOptions['jsonSchemaValidator']> = {
  getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
};

function addressOf(url: string): URL {
  const address = URL.parse(url);
  if (address !== null && /^https?:$/.test(address.protocol)) return address;
  throw new NodeError(
    'mcp.address',
    `${JSON.stringify(url.slice(0, 200))} is not the address of an MCP server over HTTP.`,
  );
}

/**
 * Without the stream that a server may keep open for messages of its own: nobody listens to them. Every answer comes with
 * the request that asks for it.
 */
const alone =
  (fetch: Fetch): Fetch =>
  async (input, init) =>
    (init?.method ?? 'GET') === 'GET' ? new Response(null, { status: 405 }) : fetch(input, init);

/** Remembers what a refusal said: the library keeps the status only. */
const heard =
  (refused: Refused, fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok) refused.set(response.status, Object.fromEntries(response.headers));
    return response;
  };

/** Ends an answer that is too large, wherever the library reads it. */
const limited =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const { body, status, headers } = await fetch(input, init);
    let size = 0;
    const counter = new TransformStream<Uint8Array, Uint8Array>({
      transform(part, controller) {
        size += part.byteLength;
        if (size <= MAX_BYTES) return controller.enqueue(part);
        controller.error(
          new NodeError('mcp.tooLarge', `The MCP server answered more than ${MAX_BYTES} bytes.`, { unknown: true }),
        );
      },
    });
    return new Response(body === null ? null : body.pipeThrough(counter), { status, headers });
  };

/** Adds the credential to each request. A token that the server refuses is replaced once. */
function withAccessOf(access: Access | null, fetch: Fetch): Fetch {
  if (access === null) return fetch;
  const send: Fetch = (input, init = {}) => {
    const address = parseAddress(String(input))!;
    const target = withCredential({ ...address, headers: Object.fromEntries(new Headers(init.headers)) }, access);
    return fetch(hrefOf(target), { ...init, headers: target.headers });
  };
  return async (input, init) => {
    const response = await send(input, init);
    return response.status === 401 && (await renewAccess(access)) ? send(input, init) : response;
  };
}

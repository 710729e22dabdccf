import type { GoogleGenAI } from '@google/genai';
import { boundedFetch, type ModelClientContext } from '../models/bounded-fetch.ts';
import { requireServer, trimmed } from '../models/server.ts';
import type { Fetch } from '../network/guarded-fetch.ts';
import { openConnection } from '../open-connection.ts';
import { fields } from './connection-fields.ts';

/**
 * Builds Google's library with the guarded `fetch`, and without its own retries. It gets no time limit, because it would
 * tell the limit to the server and to the runtime's own HTTP client; the step's signal ends its requests.
 *
 * @param maxBytes largest answer that is read
 * @throws NodeError `connection.missing`, `connection.type`, `connection.invalid`, `connection.host`
 */
export async function openClient(ctx: ModelClientContext, maxBytes?: number): Promise<GoogleGenAI> {
  const { connection, data: server } = openConnection(ctx.connection, { type: 'gemini', fields });
  requireServer(connection, server.baseUrl);
  const { GoogleGenAI: Library } = await import('@google/genai');
  return new Library({
    apiKey: server.apiKey,
    vertexai: false,
    // Otherwise the environment decides.
    apiVersion: 'v1',
    httpOptions: {
      baseUrl: trimmed(server.baseUrl),
      retryOptions: { attempts: 1 },
      fetch: throwing(boundedFetch(ctx, maxBytes)),
    },
  });
}

/** An answer that is no success, with everything that a wait or a verdict is read from. */
class Refused extends Error {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;

  constructor({ status, headers }: Response, body: string) {
    super(`status ${status}`);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }
}

/** Throws answers that are no success, because the library's own error has neither their headers nor their body. */
const throwing =
  (fetch: Fetch): Fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (!response.ok) throw new Refused(response, await response.text());
    return response;
  };

import type OpenAI from 'openai';
import { boundedFetch, type ModelClientContext } from '../models/bounded-fetch.ts';
import { withoutEnvironment } from '../models/environment.ts';
import { requireServer, trimmed } from '../models/server.ts';
import { openConnection } from '../open-connection.ts';
import { fields, type OpenAiServer } from './connection-fields.ts';

/** The attempt of the step ends earlier; this is only a longest time that the library must be given. */
const LONGEST_MS = 3_600_000;

/** The library, opened with the step's connection. */
export interface OpenAiClient {
  readonly client: OpenAI;
  readonly server: OpenAiServer;
}

/**
 * Builds OpenAI's library with the guarded `fetch`, without its own retries, and without anything from the environment.
 *
 * @param maxBytes largest answer that is read
 * @throws NodeError `connection.missing`, `connection.type`, `connection.invalid`, `connection.host`
 */
export async function openClient(ctx: ModelClientContext, maxBytes?: number): Promise<OpenAiClient> {
  const { connection, data: server } = openConnection(ctx.connection, { type: 'openai', fields });
  requireServer(connection, server.baseUrl);
  const { default: Library } = await import('openai');
  const library = new Library({
    // The library insists on a key; a server that needs none gets no header.
    apiKey: server.apiKey ?? 'none',
    organization: server.organization ?? null,
    project: server.project ?? null,
    adminAPIKey: null,
    webhookSecret: null,
    baseURL: trimmed(server.baseUrl),
    fetch: boundedFetch(ctx, maxBytes),
    maxRetries: 0,
    timeout: LONGEST_MS,
    logLevel: 'off',
  });
  const client = withoutEnvironment(library, server.apiKey === undefined ? { authorization: null } : undefined);
  return { client, server };
}

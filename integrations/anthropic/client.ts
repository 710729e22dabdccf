import type Anthropic from '@anthropic-ai/sdk';
import { boundedFetch, type ModelClientContext } from '../models/bounded-fetch.ts';
import { withoutEnvironment } from '../models/environment.ts';
import { requireServer, trimmed } from '../models/server.ts';
import { openConnection } from '../open-connection.ts';
import { fields } from './connection-fields.ts';

/** The attempt of the step ends earlier; this is only a longest time that the library must be given. */
const LONGEST_MS = 3_600_000;

/**
 * Builds Anthropic's library with the guarded `fetch`, without its own retries, and without anything from the
 * environment.
 *
 * @throws NodeError `connection.missing`, `connection.type`, `connection.invalid`, `connection.host`
 */
export async function openClient(ctx: ModelClientContext): Promise<Anthropic> {
  const { connection, data: server } = openConnection(ctx.connection, { type: 'anthropic', fields });
  requireServer(connection, server.baseUrl);
  const { default: Library } = await import('@anthropic-ai/sdk');
  const client = new Library({
    apiKey: server.apiKey,
    authToken: null,
    baseURL: trimmed(server.baseUrl),
    fetch: boundedFetch(ctx),
    maxRetries: 0,
    timeout: LONGEST_MS,
    logLevel: 'off',
  });
  return withoutEnvironment(client);
}

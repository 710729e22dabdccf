import { randomUUID } from 'node:crypto';
import { CliError } from '../errors.ts';

/** How often a start or a message is sent if the connection breaks: its key makes that safe. */
const ATTEMPTS = 3;

/** Sends a request again, with the same key, if its connection breaks. */
export async function untilAnswered<T>(
  call: (headers: { 'idempotency-key': string }) => Promise<{ body: T }>,
  key: string = randomUUID(),
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await call({ 'idempotency-key': key })).body;
    } catch (error) {
      const lost = error instanceof CliError && error.code === 'server.lost';
      if (!lost || attempt === ATTEMPTS) throw error;
    }
  }
}

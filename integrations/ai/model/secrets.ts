import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';

/** Shorter values are words, not secrets. */
const SHORTEST_SECRET = 8;

/**
 * Refuses to send a text that holds the key of the connection: a graph cannot read the key, but whoever types it into a
 * prompt should hear of it.
 *
 * @throws NodeError `ai.secret`
 */
export function refuseSecrets({ connection }: Pick<NodeContext, 'connection'>, texts: readonly string[]): void {
  const key = connection?.data.apiKey;
  if (typeof key !== 'string' || key.length < SHORTEST_SECRET || !texts.some((text) => text.includes(key))) return;
  throw new NodeError(
    'ai.secret',
    `The prompt holds the key of the connection "${connection!.name}". Nothing was sent. Take the key out of the graph and its data.`,
  );
}

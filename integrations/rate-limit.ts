import { z } from 'zod';
import { parseDuration } from '../graph/duration.ts';
import type { OpenConnection, RateLimit } from './context.ts';
import type { NodeType } from './define.ts';
import type { ConnectionType } from './define-connection.ts';
import { duration } from './schema.ts';

export type { RateLimit } from './context.ts';

/** What shares one limit, and the limit. */
export interface SharedLimit {
  readonly key: string;
  /** What it is a limit of, for people. */
  readonly of: string;
  readonly rate: { readonly limit: number; readonly perMs: number; readonly burst: number };
}

/** How much slower than allowed calls are made: they leave evenly, but the network delivers them in clumps. */
const PACE = 0.95;

/** A limit as a user or a provider states it. */
export const rateLimit = () =>
  z.strictObject({
    limit: z.int().min(1).max(1_000_000).describe('How many calls are allowed.'),
    per: duration('100ms', '30d').describe('In how much time, such as `1s` or `1m`.'),
    burst: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('How many calls may be made at once after a quiet time. Default 1: calls are spread evenly.'),
  });

/**
 * The limits that a step keeps: the node's own one, for each channel that its `rateKey` names, and that of its connection, as
 * the user set it or else as the connection's type states it. A step waits for each of them.
 */
export function limitsOf(
  node: Pick<NodeType, 'type' | 'rate' | 'rateKey'>,
  input: unknown,
  connection: OpenConnection | null,
  type?: Pick<ConnectionType, 'rate'>,
): SharedLimit[] {
  const channel = node.rateKey?.(input as never, connection) ?? '';
  const at = connection ? `the connection "${connection.name}"` : node.type;
  const limits: SharedLimit[] = [];
  if (node.rate) {
    const key = JSON.stringify(['node', connection?.name ?? '', node.type, channel]);
    limits.push({ key, of: channel === '' ? at : `${at} (${channel})`, rate: rateOf(node.rate) });
  }
  const ofConnection = connection?.rateLimit ?? type?.rate;
  if (connection && ofConnection)
    limits.push({ key: JSON.stringify(['connection', connection.name]), of: at, rate: rateOf(ofConnection) });
  return limits;
}

const rateOf = ({ limit, per, burst }: RateLimit): SharedLimit['rate'] => ({
  limit: limit * PACE,
  perMs: parseDuration(per) ?? 1_000,
  burst: burst ?? 1,
});

import { openConnection } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { ShownConnection } from './present.ts';
import { put } from './put.ts';
import { orRefusal } from './refusals.ts';

/**
 * Replaces secrets of a connection. Everything else about it stays as it is, so that no graph changes, and a secret is
 * never sent to another place than before.
 *
 * @throws ApiProblem `connection.notFound`, `connection.invalid`
 */
export async function rotate(
  ctx: Context,
  input: { name: string; data: Record<string, Json> },
): Promise<ShownConnection> {
  const { name } = input;
  const { keyring } = ctx;
  const { type, data, hosts, rateLimit } = await orRefusal(() =>
    ctx.tenant((tx) => openConnection(tx, { name, keyring })),
  );
  const secretFields = ctx.findConnectionType(type)?.secretFields ?? [];
  if (Object.keys(input.data).some((field) => !secretFields.includes(field))) {
    throw new ApiProblem(
      'connection.invalid',
      `Only secrets are rotated: ${secretFields.join(', ')}. To change other fields, store the connection as a whole.`,
    );
  }
  const merged = { ...(data as Record<string, Json>), ...input.data };
  return put(ctx, { name, type, data: merged, hosts: [...hosts], ...(rateLimit && { rateLimit }) });
}

import type { z } from 'zod';
import type { OpenConnection } from './context.ts';
import type { ConnectionType } from './define-connection.ts';
import { NodeError } from './error.ts';

/**
 * The fields of a connection, as its type defines them. Errors name fields, never their content.
 *
 * @throws NodeError `connection.missing`, `connection.type`, `connection.invalid`
 */
export function openConnection<F extends z.ZodObject>(
  connection: OpenConnection | null,
  type: Pick<ConnectionType<F>, 'type' | 'fields'>,
): { connection: OpenConnection; data: z.output<F> } {
  if (connection === null) {
    throw new NodeError(
      'connection.missing',
      `This node needs a connection of type ${type.type}: name one in "connection".`,
    );
  }
  if (connection.type !== type.type) {
    throw new NodeError(
      'connection.type',
      `The connection "${connection.name}" is of type ${connection.type}; this node takes ${type.type}.`,
    );
  }
  const parsed = type.fields.safeParse(connection.data);
  if (parsed.success) return { connection, data: parsed.data };
  const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.') || 'fields'))].join(', ');
  throw new NodeError(
    'connection.invalid',
    `The connection "${connection.name}" lacks or has wrong: ${fields}. Save it again with these fields.`,
  );
}

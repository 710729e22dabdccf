import { and, eq } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { connection } from '../../schema/index.ts';

/** The row of a connection. */
export const connectionIs = (tx: Tenant, name: string) =>
  and(eq(connection.workspaceId, tx.workspace), eq(connection.name, name));

/**
 * What is authenticated together with the secret: everything that decides what the secret is for. Whoever can write rows
 * but has no key can therefore not send a secret to another host, or have it used in another way.
 */
export const contextOf = (
  workspace: string,
  row: { readonly name: string; readonly revision: number; readonly type: string; readonly hosts: readonly string[] },
): string => JSON.stringify(['blok connection v2', workspace, row.name, row.revision, row.type, row.hosts]);

/** The same for what may be shown of the connection. It is another text, so that neither part passes for the other. */
export const shownContextOf = (workspace: string, row: Parameters<typeof contextOf>[1]): string =>
  JSON.stringify(['blok connection shown v1', workspace, row.name, row.revision, row.type, row.hosts]);

/** The stored row. @throws DataError `connection.notFound`, `connection.unreadable` */
export async function connectionRow(tx: Tenant, name: string): Promise<typeof connection.$inferSelect> {
  const [row] = await readRows(tx, name);
  if (row) return row;
  throw new DataError(
    'connection.notFound',
    `There is no connection "${name}" in this workspace. Create it with PUT /api/connections/${name}.`,
  );
}

async function readRows(tx: Tenant, name: string) {
  try {
    return await tx.db.select().from(connection).where(connectionIs(tx, name));
  } catch (cause) {
    // The column of hosts no longer holds JSON.
    if (cause instanceof SyntaxError) throw altered(name, cause);
    throw cause;
  }
}

/** A row whose parts do not fit each other. */
export const altered = (name: string, cause: unknown): DataError =>
  new DataError(
    'connection.unreadable',
    `The connection "${name}" was altered in the database: its type, its hosts and its secret are sealed together, and ` +
      `do not fit each other. Store it again with PUT /api/connections/${name}, and find out who writes to the database.`,
    { cause },
  );

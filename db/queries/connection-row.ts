import { and, eq } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { connection } from '../schema/index.ts';

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

import { and, asc, eq, sql } from 'drizzle-orm';
import type { JsonObject } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { savedFilter } from '../../schema/index.ts';

/** A filter of the list of runs that has a name. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: JsonObject;
  readonly author: string;
  readonly updatedAt: string;
}

/** Most filters that a workspace keeps. */
export const MOST_FILTERS = 500;

/** All of them, by name. */
export async function listFilters(tx: Tenant): Promise<SavedFilter[]> {
  return tx.db
    .select(FACTS)
    .from(savedFilter)
    .where(eq(savedFilter.workspaceId, tx.workspace))
    .orderBy(asc(savedFilter.name));
}

/** One of them, or null. */
export async function findFilter(tx: Tenant, { name }: { name: string }): Promise<SavedFilter | null> {
  const [row] = await tx.db.select(FACTS).from(savedFilter).where(named(tx, name));
  return row ?? null;
}

/** Keeps a filter under a name, in place of the one before. */
export async function putFilter(
  tx: Tenant,
  { name, filter, author }: { name: string; filter: JsonObject; author: string },
): Promise<SavedFilter> {
  const row = { filter, author, updatedAt: sql`now()` };
  const [kept] = await tx.db
    .insert(savedFilter)
    .values({ workspaceId: tx.workspace, name, ...row })
    .onConflictDoUpdate({ target: [savedFilter.workspaceId, savedFilter.name], set: row })
    .returning(FACTS);
  return kept!;
}

/** Deletes a filter; false if there is none. */
export async function deleteFilter(tx: Tenant, { name }: { name: string }): Promise<boolean> {
  const gone = await tx.db.delete(savedFilter).where(named(tx, name)).returning({ name: savedFilter.name });
  return gone.length > 0;
}

const FACTS = {
  name: savedFilter.name,
  filter: savedFilter.filter,
  author: savedFilter.author,
  updatedAt: savedFilter.updatedAt,
};

const named = (tx: Tenant, name: string) => and(eq(savedFilter.workspaceId, tx.workspace), eq(savedFilter.name, name));

import { and, eq, gt, lte, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { oauthVisit } from '../../schema/index.ts';

/** A visit of an authorize page. */
export interface VisitRow {
  readonly connection: string;
  readonly binding: string;
  readonly server: string;
}

/** Most visits of one connection that may be under way; the oldest ones are forgotten. */
const MOST = 20;

/** Notes that somebody goes to an authorize page. Old visits are forgotten. */
export async function openVisit(
  tx: Tenant,
  input: VisitRow & { stateHash: string; seconds: number },
): Promise<{ expiresAt: string }> {
  const { seconds, ...visit } = input;
  const mine = and(eq(oauthVisit.workspaceId, tx.workspace), eq(oauthVisit.connection, input.connection));
  await tx.db
    .delete(oauthVisit)
    .where(and(eq(oauthVisit.workspaceId, tx.workspace), lte(oauthVisit.expiresAt, sql`now()`)));
  const kept = tx.db
    .select({ hash: oauthVisit.stateHash })
    .from(oauthVisit)
    .where(mine)
    .orderBy(sql`${oauthVisit.createdAt} desc`)
    .limit(MOST - 1);
  await tx.db.delete(oauthVisit).where(and(mine, sql`${oauthVisit.stateHash} not in ${kept}`));
  const [row] = await tx.db
    .insert(oauthVisit)
    .values({ workspaceId: tx.workspace, ...visit, expiresAt: sql`now() + make_interval(secs => ${seconds})` as never })
    .returning({ expiresAt: oauthVisit.expiresAt });
  return row!;
}

const isOpen = (tx: Tenant, stateHash: string) =>
  and(
    eq(oauthVisit.workspaceId, tx.workspace),
    eq(oauthVisit.stateHash, stateHash),
    gt(oauthVisit.expiresAt, sql`now()`),
  );

const FIELDS = { connection: oauthVisit.connection, binding: oauthVisit.binding, server: oauthVisit.server };

/** A visit that has not come back, or null. */
export async function findVisit(tx: Tenant, input: { stateHash: string }): Promise<VisitRow | null> {
  const [row] = await tx.db.select(FIELDS).from(oauthVisit).where(isOpen(tx, input.stateHash));
  return row ?? null;
}

/** Ends a visit: of several who try at once, one gets it. Null if it has come back before, or too late. */
export async function takeVisit(tx: Tenant, input: { stateHash: string }): Promise<VisitRow | null> {
  const [row] = await tx.db.delete(oauthVisit).where(isOpen(tx, input.stateHash)).returning(FIELDS);
  return row ?? null;
}

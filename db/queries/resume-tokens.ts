import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { resumeToken } from '../schema/index.ts';

/** Stores the hash of a link's token. Storing it again changes nothing (the minting activity may be retried). */
export async function saveResumeToken(
  tx: Tenant,
  input: { hash: string; runId: string; step: string; expiresAt: string },
): Promise<void> {
  await tx.db
    .insert(resumeToken)
    .values({ workspaceId: tx.workspace, ...input })
    .onConflictDoNothing();
}

/** When a token was used, or null if the workspace does not know the token. What a token is for is signed in itself. */
export async function getResumeToken(tx: Tenant, input: { hash: string }): Promise<{ usedAt: string | null } | null> {
  const [row] = await tx.db
    .select({ usedAt: resumeToken.usedAt })
    .from(resumeToken)
    .where(and(eq(resumeToken.workspaceId, tx.workspace), eq(resumeToken.hash, input.hash)));
  return row ?? null;
}

/** Marks a token as used. False if it cannot be used (any more). */
export async function useResumeToken(tx: Tenant, input: { hash: string }): Promise<boolean> {
  const used = await tx.db
    .update(resumeToken)
    .set({ usedAt: sql`now()` })
    .where(
      and(
        eq(resumeToken.workspaceId, tx.workspace),
        eq(resumeToken.hash, input.hash),
        isNull(resumeToken.usedAt),
        sql`${resumeToken.expiresAt} > now()`,
      ),
    )
    .returning({ hash: resumeToken.hash });
  return used.length > 0;
}

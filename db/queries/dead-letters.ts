import { and, count, desc, eq, lt, sql } from 'drizzle-orm';
import type { Tenant } from '../database.ts';
import { inPieces } from '../pieces.ts';
import { deadLetter } from '../schema/index.ts';

/** Most letters that are kept of a trigger. The oldest go first. */
export const MOST_DEAD_LETTERS = 1_000;

/** Names a trigger. */
interface Of {
  readonly workflow: string;
  readonly trigger: string;
}

/** Something that a watch has found and nobody can read. */
export interface DeadLetterRow {
  readonly seq: number;
  readonly key: string;
  readonly place: string;
  readonly reason: string;
  readonly at: string;
}

/** Lists what a watch could not read. A letter that is there already stays as it is. */
export async function noteDeadLetters(
  tx: Tenant,
  { letters, ...of }: Of & { letters: readonly Pick<DeadLetterRow, 'key' | 'place' | 'reason'>[] },
): Promise<void> {
  if (letters.length === 0) return;
  for (const piece of inPieces(letters)) {
    const rows = piece.map((letter) => ({ workspaceId: tx.workspace, ...of, ...letter }));
    await tx.db.insert(deadLetter).values(rows).onConflictDoNothing();
  }
  const kept = tx.db
    .select({ seq: deadLetter.seq })
    .from(deadLetter)
    .where(ofTrigger(tx, of))
    .orderBy(desc(deadLetter.seq))
    .offset(MOST_DEAD_LETTERS)
    .limit(1);
  await tx.db.delete(deadLetter).where(and(ofTrigger(tx, of), sql`${deadLetter.seq} <= ${kept}`));
}

/** What a watch could not read, the newest first. @param input.before only those with a smaller number */
export async function deadLetters(
  tx: Tenant,
  { before, limit, ...of }: Of & { before?: number | undefined; limit: number },
): Promise<DeadLetterRow[]> {
  const { seq, key, place, reason, at } = deadLetter;
  return tx.db
    .select({ seq, key, place, reason, at })
    .from(deadLetter)
    .where(and(ofTrigger(tx, of), before === undefined ? undefined : lt(seq, before)))
    .orderBy(desc(seq))
    .limit(limit);
}

/** How many letters triggers have, of one workflow or of all. Triggers without any are left out. */
export async function countDeadLetters(
  tx: Tenant,
  input: { workflow?: string } = {},
): Promise<{ workflow: string; trigger: string; count: number }[]> {
  const of = input.workflow === undefined ? undefined : eq(deadLetter.workflow, input.workflow);
  return tx.db
    .select({ workflow: deadLetter.workflow, trigger: deadLetter.trigger, count: count() })
    .from(deadLetter)
    .where(and(eq(deadLetter.workspaceId, tx.workspace), of))
    .groupBy(deadLetter.workflow, deadLetter.trigger);
}

/** Empties the list. @returns how many letters it had */
export async function forgetDeadLetters(tx: Tenant, of: Of): Promise<number> {
  const gone = await tx.db.delete(deadLetter).where(ofTrigger(tx, of)).returning({ seq: deadLetter.seq });
  return gone.length;
}

const ofTrigger = (tx: Tenant, of: Of) =>
  and(
    eq(deadLetter.workspaceId, tx.workspace),
    eq(deadLetter.workflow, of.workflow),
    eq(deadLetter.trigger, of.trigger),
  );

import { and, desc, eq, inArray, lt, or } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { paymentAttempt, paymentIntent } from '../../schema/index.ts';
import { type AttemptRow, attemptOf, type PaymentTerms, termsOf } from './rows.ts';

type IntentRow = typeof paymentIntent.$inferSelect;

/** A line of the ledger, for people. */
export interface LedgerEntry
  extends Readonly<Pick<IntentRow, 'state' | 'proof' | 'runId' | 'workflow' | 'step' | 'createdAt' | 'settledAt'>> {
  readonly terms: PaymentTerms;
  readonly attempts: readonly (Omit<AttemptRow, 'wire'> &
    Pick<typeof paymentAttempt.$inferSelect, 'signedAt' | 'sentAt' | 'endedAt'>)[];
}

/** Payments of a wallet, the newest first, perhaps only those of one run or step. */
export async function walletLedger(
  tx: Tenant,
  input: {
    readonly address: string;
    readonly runId?: string | undefined;
    readonly step?: string | undefined;
    /** Where the page before ended. */
    readonly before?: { readonly createdAt: string; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<LedgerEntry[]> {
  const { before } = input;
  const rows = await tx.db
    .select()
    .from(paymentIntent)
    .where(
      and(
        eq(paymentIntent.workspaceId, tx.workspace),
        eq(paymentIntent.wallet, input.address),
        input.runId === undefined ? undefined : eq(paymentIntent.runId, input.runId),
        input.step === undefined ? undefined : eq(paymentIntent.step, input.step),
        before &&
          or(
            lt(paymentIntent.createdAt, before.createdAt),
            and(eq(paymentIntent.createdAt, before.createdAt), lt(paymentIntent.id, before.id)),
          ),
      ),
    )
    .orderBy(desc(paymentIntent.createdAt), desc(paymentIntent.id))
    .limit(input.limit);
  const attempts =
    rows.length === 0
      ? []
      : await attemptsOfAll(
          tx,
          rows.map(({ id }) => id),
        );
  return rows.map((row) => ({
    terms: termsOf(row),
    state: row.state,
    proof: row.proof ?? null,
    runId: row.runId,
    workflow: row.workflow,
    step: row.step,
    createdAt: row.createdAt,
    settledAt: row.settledAt,
    attempts: attempts.filter(({ intentId }) => intentId === row.id).map(shown),
  }));
}

function shown(row: typeof paymentAttempt.$inferSelect): LedgerEntry['attempts'][number] {
  const { wire: _, ...attempt } = attemptOf(row);
  return { ...attempt, signedAt: row.signedAt, sentAt: row.sentAt, endedAt: row.endedAt };
}

const attemptsOfAll = (tx: Tenant, ids: readonly string[]) =>
  tx.db
    .select()
    .from(paymentAttempt)
    .where(and(eq(paymentAttempt.workspaceId, tx.workspace), inArray(paymentAttempt.intentId, [...ids])))
    .orderBy(paymentAttempt.no);

import { and, desc, eq, inArray, isNotNull, lt, or } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { type PriceUsed, paymentAttempt, paymentIntent, paymentReservation } from '../../schema/index.ts';
import { type AttemptRow, attemptOf, type PaymentTerms, termsOf } from './rows.ts';

type IntentRow = typeof paymentIntent.$inferSelect;

/** What a payment counts in USD, in millionths, and by which prices. */
export interface LedgerWorth {
  readonly usd: bigint;
  readonly prices: readonly (PriceUsed & { readonly asset: string; readonly amount: bigint })[];
}

/** A line of the ledger, for people. */
export interface LedgerEntry
  extends Readonly<Pick<IntentRow, 'state' | 'proof' | 'runId' | 'workflow' | 'step' | 'createdAt' | 'settledAt'>> {
  readonly terms: PaymentTerms;
  /** Null: its wallet had no limits in USD when the payment began. */
  readonly worth: LedgerWorth | null;
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
  const ids = rows.map(({ id }) => id);
  const attempts = ids.length === 0 ? [] : await attemptsOfAll(tx, ids);
  const counted = ids.length === 0 ? [] : await countedOfAll(tx, ids);
  return rows.map((row) => ({
    terms: termsOf(row),
    worth: worthIn(counted.filter(({ intentId, round }) => intentId === row.id && round === row.round)),
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

type Counted = Awaited<ReturnType<typeof countedOfAll>>[number];

function worthIn(rows: readonly Counted[]): LedgerWorth | null {
  const usd = rows.find(({ asset }) => asset === 'usd');
  if (!usd) return null;
  const prices = rows.flatMap(({ asset, amount, price }) =>
    price ? [{ asset, amount: BigInt(amount), ...price }] : [],
  );
  return { usd: BigInt(usd.amount), prices };
}

/** What was set aside by a price, or as what such amounts are worth, in whatever round. */
const countedOfAll = (tx: Tenant, ids: readonly string[]) =>
  tx.db
    .select({
      intentId: paymentReservation.intentId,
      round: paymentReservation.round,
      asset: paymentReservation.asset,
      amount: paymentReservation.amount,
      price: paymentReservation.price,
    })
    .from(paymentReservation)
    .where(
      and(
        eq(paymentReservation.workspaceId, tx.workspace),
        inArray(paymentReservation.intentId, [...ids]),
        or(eq(paymentReservation.asset, 'usd'), isNotNull(paymentReservation.price)),
      ),
    )
    .orderBy(paymentReservation.asset);

import { and, asc, eq } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import {
  type PaymentState,
  type PriceUsed,
  paymentAttempt,
  paymentIntent,
  paymentReservation,
} from '../../schema/index.ts';

type IntentRow = typeof paymentIntent.$inferSelect;

/** What a payment is to do. Amounts are in base units. */
export interface PaymentTerms
  extends Readonly<Pick<IntentRow, 'id' | 'chain' | 'wallet' | 'connection' | 'recipient' | 'asset' | 'decimals'>> {
  readonly amount: bigint;
}

/** A part of an asset. */
export interface Share {
  readonly asset: string;
  readonly amount: bigint;
  readonly price?: PriceUsed | undefined;
}

/** A signed transaction. */
export interface AttemptRow
  extends Readonly<
    Omit<typeof paymentAttempt.$inferSelect, 'workspaceId' | 'intentId' | 'signedAt' | 'sentAt' | 'endedAt' | 'proof'>
  > {
  readonly proof: Json;
}

/** A payment with all that is known of it. */
export interface PaymentRow {
  readonly terms: PaymentTerms;
  readonly state: PaymentState;
  readonly reserved: readonly Share[];
  readonly attempts: readonly AttemptRow[];
  /** Number of the last attempt about which a person decided that it did not pay. */
  readonly decidedNo: number;
  readonly proof: Json;
}

/** The row of a payment. */
export const intentIs = (tx: Tenant, id: string) =>
  and(eq(paymentIntent.workspaceId, tx.workspace), eq(paymentIntent.id, id));

/** The row of an attempt. */
export const attemptIs = (tx: Tenant, id: string, no: number) =>
  and(eq(paymentAttempt.workspaceId, tx.workspace), eq(paymentAttempt.intentId, id), eq(paymentAttempt.no, no));

/** The row of a payment, locked until the transaction ends: whoever decides about a payment decides alone. */
export async function lockIntent(tx: Tenant, id: string): Promise<IntentRow | undefined> {
  const [row] = await tx.db.select().from(paymentIntent).where(intentIs(tx, id)).for('update');
  return row;
}

/** The attempts of a payment, in order. */
export async function attemptsOf(tx: Tenant, id: string): Promise<(typeof paymentAttempt.$inferSelect)[]> {
  return tx.db
    .select()
    .from(paymentAttempt)
    .where(and(eq(paymentAttempt.workspaceId, tx.workspace), eq(paymentAttempt.intentId, id)))
    .orderBy(asc(paymentAttempt.no));
}

/** A payment, or null if there is none. */
export async function readPayment(tx: Tenant, input: { readonly id: string }): Promise<PaymentRow | null> {
  const [intent] = await tx.db.select().from(paymentIntent).where(intentIs(tx, input.id));
  if (!intent) return null;
  const attempts = await attemptsOf(tx, input.id);
  const held = await tx.db
    .select({ asset: paymentReservation.asset, amount: paymentReservation.amount, price: paymentReservation.price })
    .from(paymentReservation)
    .where(
      and(
        eq(paymentReservation.workspaceId, tx.workspace),
        eq(paymentReservation.intentId, input.id),
        eq(paymentReservation.round, intent.round),
        eq(paymentReservation.state, 'held'),
      ),
    );
  return {
    terms: termsOf(intent),
    state: intent.state,
    reserved: held.map(({ asset, amount, price }) => ({ asset, amount: BigInt(amount), ...(price && { price }) })),
    attempts: attempts.map(attemptOf),
    decidedNo: intent.decidedNo,
    proof: (intent.proof ?? null) as Json,
  };
}

/** The terms in the row of a payment. */
export const termsOf = (row: IntentRow): PaymentTerms => ({
  id: row.id,
  chain: row.chain,
  wallet: row.wallet,
  connection: row.connection,
  recipient: row.recipient,
  asset: row.asset,
  amount: BigInt(row.amount),
  decimals: row.decimals,
});

/** An attempt, as its row says. */
export const attemptOf = (row: typeof paymentAttempt.$inferSelect): AttemptRow => ({
  no: row.no,
  signature: row.signature,
  wire: row.wire,
  blockhash: row.blockhash,
  horizon: row.horizon,
  fee: row.fee,
  cost: row.cost,
  receipt: row.receipt,
  state: row.state,
  proof: (row.proof ?? null) as Json,
});

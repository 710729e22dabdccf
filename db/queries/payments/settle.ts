import { and, eq, sql } from 'drizzle-orm';
import type { Json } from '../../../graph/json.ts';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { type PaymentState, paymentIntent, paymentReservation } from '../../schema/index.ts';
import { discardUnsent, endAttempt } from './attempts.ts';
import { attemptsOf, intentIs, lockIntent, type PaymentRow, readPayment, type Share } from './rows.ts';

/** How a payment ends. */
export interface SettlePayment {
  readonly id: string;
  readonly state: Exclude<PaymentState, 'open'>;
  readonly proof: Json;
  /** What it took. */
  readonly spent: readonly Share[];
  /** The attempt that ended it. Its proof is that of the payment. */
  readonly attempt?: { readonly no: number; readonly state: 'failed' | 'landed' } | undefined;
}

/**
 * Ends a payment, together with the attempt that ended it and with what is set aside. A payment that has ended stays as it
 * is, and one does not fail while another attempt may land. While a person has to decide (`review`), everything stays set
 * aside.
 *
 * @throws DataError `payment.pending` if it would be given up although sent bytes may still land; `payment.notFound`
 */
export async function settlePayment(tx: Tenant, input: SettlePayment): Promise<PaymentRow> {
  const { id, state, proof, attempt } = input;
  const intent = await lockIntent(tx, id);
  if (!intent) throw new DataError('payment.notFound', 'There is no such payment.');
  if (attempt) await endAttempt(tx, { id, ...attempt, proof });
  if (intent.state === 'open' || intent.state === 'review') {
    if (state === 'refused' || state === 'cancelled') await giveUp(tx, id, intent.state);
    // Somebody else may have taken the attempt that failed for dead, and made another one.
    const isAlive = state === 'failed' && (await attemptsOf(tx, id)).some((one) => isLive(one.state));
    if (!isAlive) await finish(tx, intent, input);
  }
  return (await readPayment(tx, { id }))!;
}

const isLive = (state: string): boolean => ['signed', 'sent', 'landed'].includes(state);

/**
 * Ends a payment that waits for a person, by what the person found out. Null if there is none of that wallet that waits. The
 * bytes that were signed stay what they are: if somebody tries the step again, they are watched before anything new is made.
 */
export async function resolvePayment(
  tx: Tenant,
  input: {
    readonly id: string;
    readonly address: string;
    readonly hasPaid: boolean;
    readonly note: string;
    readonly by: string;
  },
): Promise<PaymentRow | null> {
  const { id, address, hasPaid, note, by } = input;
  const intent = await lockIntent(tx, id);
  if (intent?.state !== 'review' || intent.wallet !== address) return null;
  const { reserved, attempts } = (await readPayment(tx, { id }))!;
  // From here on these attempts count as dead, and there may be as many new ones as there were.
  if (!hasPaid)
    await tx.db
      .update(paymentIntent)
      .set({ decidedNo: attempts.at(-1)?.no ?? 0 })
      .where(intentIs(tx, id));
  const proof = { decidedByAPerson: note, by, before: (intent.proof ?? null) as Json };
  const ended = hasPaid ? { state: 'paid' as const, spent: reserved } : { state: 'cancelled' as const, spent: [] };
  await finish(tx, intent, { id, proof, ...ended });
  return readPayment(tx, { id });
}

async function finish(tx: Tenant, { round }: { readonly round: number }, ended: SettlePayment): Promise<void> {
  const { id, state, proof, spent } = ended;
  const isOver = state !== 'review';
  await tx.db
    .update(paymentIntent)
    .set({ state, proof, settledAt: isOver ? sql`now()` : null })
    .where(intentIs(tx, id));
  if (isOver) await release(tx, id, round, spent);
}

/** @throws DataError `payment.pending` */
async function giveUp(tx: Tenant, id: string, state: PaymentState): Promise<void> {
  const attempts = await attemptsOf(tx, id);
  if (state === 'review' || attempts.some((attempt) => attempt.state === 'sent' || attempt.state === 'landed'))
    throw new DataError('payment.pending', 'The payment was sent, and may still land.');
  await discardUnsent(tx, id);
}

async function release(tx: Tenant, id: string, round: number, spent: readonly Share[]): Promise<void> {
  const held = and(
    eq(paymentReservation.workspaceId, tx.workspace),
    eq(paymentReservation.intentId, id),
    eq(paymentReservation.round, round),
    eq(paymentReservation.state, 'held'),
  );
  const now = sql`now()`;
  for (const { asset, amount } of spent) {
    if (amount === 0n) continue;
    await tx.db
      .update(paymentReservation)
      .set({ state: 'spent', amount: String(amount), changedAt: now })
      .where(and(held, eq(paymentReservation.asset, asset)));
  }
  await tx.db.update(paymentReservation).set({ state: 'released', changedAt: now }).where(held);
}

import { sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { DataError } from '../../error.ts';
import { paymentIntent, paymentReservation } from '../../schema/index.ts';
import { type Claim, type LimitInput, refuseAbove } from './limits.ts';
import { intentIs, lockIntent, type PaymentRow, type PaymentTerms, readPayment, type Share, termsOf } from './rows.ts';
import { lockWallet, refuseStopped, walletSwitch } from './wallets.ts';

/** A payment that begins. */
export interface BeginPayment {
  readonly terms: PaymentTerms;
  readonly reserve: readonly Share[];
  readonly limits: readonly LimitInput[];
  readonly runId: string;
  readonly workflow: string;
  readonly step: string;
}

/**
 * Opens a payment and sets aside what it may take, in one transaction, or returns the one of that id. The wallet's row is
 * locked meanwhile, so that limits hold to the last unit, however many begin at once.
 *
 * @throws DataError `payment.conflict`, `payment.limit`, `payment.stopped`, `payment.stalePrice`, `payment.ended` if it would be opened without setting anything aside
 */
export async function beginPayment(tx: Tenant, input: BeginPayment): Promise<PaymentRow> {
  const { terms, reserve, limits } = input;
  const { id, wallet: address } = terms;
  const state = await lockWallet(tx, { address });
  const found = await lockIntent(tx, id);
  if (found) refuseOther(termsOf(found), terms);
  if (!found || ENDED.includes(found.state)) {
    refuseStopped(state);
    if (reserve.length === 0)
      throw new DataError('payment.ended', 'The payment ended meanwhile, so nothing is set aside.');
    await refuseStale(tx, reserve);
    for (const limit of limits) await refuseAbove(tx, { terms, runId: input.runId, reserve, limit });
    await open(tx, input, (found?.round ?? 0) + 1);
  }
  return (await readPayment(tx, { id }))!;
}

/** Why a payment would not begin now, if other ones took their claims before; null: it would. Nothing is written or locked. */
export async function whyNoPayment(
  tx: Tenant,
  input: Pick<BeginPayment, 'terms' | 'reserve' | 'limits' | 'runId'> & { readonly claims: readonly Claim[] },
): Promise<{ readonly code: string; readonly message: string } | null> {
  const { limits, ...payment } = input;
  try {
    refuseStopped(await walletSwitch(tx, { address: payment.terms.wallet }));
    for (const limit of limits) await refuseAbove(tx, { ...payment, limit });
    return null;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** Nothing of such a payment can land any more. */
const ENDED: readonly string[] = ['refused', 'cancelled', 'failed'];

async function open(tx: Tenant, { terms, reserve, runId, workflow, step }: BeginPayment, round: number): Promise<void> {
  const { chain, wallet, recipient, id } = terms;
  const now = sql<string>`now()`;
  const openedAt = now as unknown as string;
  const opened = { state: 'open' as const, round, runId, workflow, step, proof: null, settledAt: null, openedAt };
  if (round === 1) {
    await tx.db.insert(paymentIntent).values({
      workspaceId: tx.workspace,
      ...terms,
      amount: String(terms.amount),
      ...opened,
      createdAt: now as unknown as string,
    });
  } else {
    await tx.db.update(paymentIntent).set(opened).where(intentIs(tx, id));
  }
  await tx.db.insert(paymentReservation).values(
    reserve.map(({ asset, amount, price = null }) => ({
      workspaceId: tx.workspace,
      intentId: id,
      round,
      asset,
      ...{ chain, wallet, recipient, runId },
      amount: String(amount),
      price,
      state: 'held' as const,
      changedAt: now as unknown as string,
    })),
  );
}

/** Whoever waited long for the wallet may come with a price that is old by now. The database's clock decides. */
async function refuseStale(tx: Tenant, reserve: readonly Share[]): Promise<void> {
  for (const { price } of reserve) {
    if (!price) continue;
    const { rows } = await tx.db.execute<{ stale: boolean }>(
      sql`select clock_timestamp() >= ${price.freshUntil}::timestamptz as stale`,
    );
    if (rows[0]!.stale)
      throw new DataError(
        'payment.stalePrice',
        `The price by which the payment is counted was fresh until ${price.freshUntil}.`,
      );
  }
}

/** The same id must mean the same payment for ever. */
function refuseOther(found: PaymentTerms, asked: PaymentTerms): void {
  const names = ['chain', 'wallet', 'recipient', 'asset', 'amount'] as const;
  const other = names.filter((name) => found[name] !== asked[name]);
  if (other.length === 0) return;
  const was = other.map((name) => `${name} ${found[name]}, not ${asked[name]}`).join('; ');
  throw new DataError('payment.conflict', `This payment was made before with other terms: ${was}.`);
}

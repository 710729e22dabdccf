import { and, eq, gt, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { paymentIntent } from '../../schema/index.ts';
import { intentIs, type PaymentRow, readPayment } from './rows.ts';
import { lockWallet, refuseStopped, type WalletKey } from './wallets.ts';

/**
 * Notes that somebody is about to sign for a payment, unless its wallet was stopped: for so many milliseconds they may, and
 * whoever stops the wallet waits for them. It is a note and not a lock, because a lock would hold a connection of the pool for
 * as long as a service takes to sign.
 *
 * @returns the payment, as it is now; null: there is none
 * @throws DataError `payment.stopped`
 */
export async function noteSigning(
  tx: Tenant,
  { id, forMs }: { readonly id: string; readonly forMs: number },
): Promise<PaymentRow | null> {
  const found = await readPayment(tx, { id });
  if (!found) return null;
  refuseStopped(await lockWallet(tx, { address: found.terms.wallet }));
  await tx.db
    .update(paymentIntent)
    .set({ signingUntil: sql`now() + ${forMs} * interval '1 millisecond'` })
    .where(intentIs(tx, id));
  return readPayment(tx, { id });
}

/** Whether somebody may be signing for a wallet. */
export async function isSigning(tx: Tenant, { address }: WalletKey): Promise<boolean> {
  const rows = await tx.db
    .select({ id: paymentIntent.id })
    .from(paymentIntent)
    .where(
      and(
        eq(paymentIntent.workspaceId, tx.workspace),
        eq(paymentIntent.wallet, address),
        gt(paymentIntent.signingUntil, sql`now()`),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

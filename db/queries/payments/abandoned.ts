import { and, asc, eq, lt, sql } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { paymentIntent } from '../../schema/index.ts';
import { type PaymentRow, readPayment } from './rows.ts';

/** How many at a time: whoever looks after them has a payment of its own to make. */
const A_FEW = 5;

/**
 * Payments that have been open for so long that probably nobody works on them: their runs were terminated after something
 * was sent. Being wrong about that does no harm.
 */
export async function abandonedPayments(
  tx: Tenant,
  { wallet, chain }: { readonly wallet: string; readonly chain: string },
): Promise<PaymentRow[]> {
  const rows = await tx.db
    .select({ id: paymentIntent.id })
    .from(paymentIntent)
    .where(
      and(
        eq(paymentIntent.workspaceId, tx.workspace),
        eq(paymentIntent.wallet, wallet),
        eq(paymentIntent.chain, chain),
        eq(paymentIntent.state, 'open'),
        lt(paymentIntent.openedAt, sql`now() - interval '3 hours'`),
      ),
    )
    .orderBy(asc(paymentIntent.createdAt))
    .limit(A_FEW);
  const found = [];
  for (const { id } of rows) found.push((await readPayment(tx, { id }))!);
  return found;
}

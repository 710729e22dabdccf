import { and, eq } from 'drizzle-orm';
import type { Tenant } from '../../database.ts';
import { paymentIntent } from '../../schema/index.ts';
import type { PaymentTerms } from './rows.ts';

/** Whether a wallet has paid somebody before. */
export async function hasPaidTo(
  tx: Tenant,
  { chain, wallet, recipient }: Pick<PaymentTerms, 'chain' | 'wallet' | 'recipient'>,
): Promise<boolean> {
  const rows = await tx.db
    .select({ id: paymentIntent.id })
    .from(paymentIntent)
    .where(
      and(
        eq(paymentIntent.workspaceId, tx.workspace),
        eq(paymentIntent.wallet, wallet),
        eq(paymentIntent.chain, chain),
        eq(paymentIntent.recipient, recipient),
        eq(paymentIntent.state, 'paid'),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

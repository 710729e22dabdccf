import type { Payment } from '../../payments.ts';

/**
 * Whether each further transaction of a payment must make the receipt, whatever the policy says by now: an earlier one
 * makes it, and was perhaps taken for dead only because the chain itself would refuse a second one.
 */
export const isBoundToReceipt = ({ attempts }: Pick<Payment, 'attempts'>): boolean =>
  attempts.some(({ state, receipt }) => state !== 'discarded' && receipt !== null);

import type { Payment } from '../../payments.ts';

/**
 * The receipts that transactions of a payment make. If there are any, each further transaction must make the same one,
 * whatever the policy says by now: an earlier one was perhaps taken for dead only because the chain itself would refuse a
 * second one.
 */
export const madeReceipts = ({ attempts }: Pick<Payment, 'attempts'>): string[] =>
  attempts.flatMap(({ state, receipt }) => (state === 'discarded' || receipt === null ? [] : [receipt]));

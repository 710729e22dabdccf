import { COST, type EndedPayment, type Payment, type Payments } from '../../payments.ts';
import type { Decision } from './decide.ts';

/** A decision that makes nothing and sends nothing: it only writes down what is proven. */
export type Conclusion = Extract<Decision, { readonly do: 'expire' | 'paid' | 'failed' | 'cancel' | 'review' }>;

/** Whether a decision is one. */
export const isConclusion = (decision: Decision): decision is Conclusion =>
  decision.do !== 'sign' && decision.do !== 'send' && decision.do !== 'watch';

/** Writes down what was decided. @returns the payment, as the ledger holds it then */
export async function conclude(payments: Payments, payment: Payment, decision: Conclusion): Promise<Payment> {
  const { id } = payment.terms;
  const settle = (ended: Omit<EndedPayment, 'spent'> & Partial<EndedPayment>) =>
    payments.settle(id, { spent: [], ...ended });
  switch (decision.do) {
    case 'expire':
      await payments.end(id, decision.attempt.no, { state: 'expired', proof: decision.proof });
      return (await payments.read(id))!;
    case 'paid': {
      const { attempt, proof } = decision;
      const taken = payment.reserved.filter((one) => one.asset !== COST);
      const spent = [...taken, { asset: COST, amount: attempt.cost }];
      return settle({ state: 'paid', proof, spent, attempt: { no: attempt.no, state: 'landed' } });
    }
    case 'failed': {
      const { attempt, proof } = decision;
      const spent = [{ asset: COST, amount: attempt.fee }];
      return settle({ state: 'failed', proof, spent, attempt: { no: attempt.no, state: 'failed' } });
    }
    case 'review':
      return settle({ state: 'review', proof: { why: decision.why, said: decision.proof } });
    case 'cancel':
      return settle({ state: 'cancelled', proof: null });
  }
}

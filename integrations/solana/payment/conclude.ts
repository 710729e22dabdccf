import type { Json } from '../../../graph/json.ts';
import { COST, type Payment, type Payments, type Share } from '../../payments.ts';
import type { Decision } from './decide.ts';

/** A decision that makes nothing and sends nothing: it only writes down what is proven. */
export type Conclusion = Extract<Decision, { readonly do: 'expire' | 'paid' | 'failed' | 'cancel' | 'review' }>;

/** Whether a decision is one. */
export const isConclusion = (decision: Decision): decision is Conclusion =>
  decision.do !== 'sign' && decision.do !== 'send' && decision.do !== 'watch';

/** Writes down what was decided. @returns the payment, as the ledger holds it then */
export async function conclude(payments: Payments, payment: Payment, decision: Conclusion): Promise<Payment> {
  const { id, asset, amount } = payment.terms;
  const settle = (state: 'paid' | 'failed' | 'cancelled' | 'review', proof: Json, spent: readonly Share[] = []) =>
    payments.settle(id, { state, proof, spent });
  switch (decision.do) {
    case 'expire':
      await payments.end(id, decision.attempt.no, { state: 'expired', proof: decision.proof });
      return (await payments.read(id))!;
    case 'paid':
      await payments.end(id, decision.attempt.no, { state: 'landed', proof: decision.proof });
      return settle('paid', decision.proof, [
        { asset, amount },
        { asset: COST, amount: decision.attempt.cost },
      ]);
    case 'failed':
      await payments.end(id, decision.attempt.no, { state: 'failed', proof: decision.proof });
      return settle('failed', decision.proof, [{ asset: COST, amount: decision.attempt.fee }]);
    case 'review':
      return settle('review', { why: decision.why, said: decision.proof });
    case 'cancel':
      return settle('cancelled', null);
  }
}

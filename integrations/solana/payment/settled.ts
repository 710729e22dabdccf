import { NodeError } from '../../error.ts';
import type { Payment } from '../../payments.ts';
import { fromUnits } from '../notation/amounts.ts';
import { interrupted } from '../wallet/interrupted.ts';
import type { Paid } from './paid.ts';

/**
 * What a settled payment means for its step.
 *
 * @throws NodeError `solana.failed`, `solana.needsPerson`; `solana.interrupted` if another attempt of the step let it go
 */
export function outcomeOf(payment: Payment): Paid {
  const { terms, state } = payment;
  const attempts = payment.attempts.map(({ no, signature, state: at, proof }) => ({ no, signature, state: at, proof }));
  // A person may have decided that it was paid although no provider said so, and perhaps by a transaction that is not here.
  const landed = payment.attempts.find((attempt) => attempt.state === 'landed') ?? payment.attempts.at(-1) ?? null;
  if (state === 'paid')
    return {
      id: terms.id,
      signature: landed?.signature ?? null,
      from: terms.wallet,
      to: terms.recipient,
      asset: terms.asset,
      amount: fromUnits(terms.amount, terms.decimals),
      raw: String(terms.amount),
      receipt: landed?.receipt ?? null,
      attempts,
    };
  const details = { id: terms.id, state, proof: payment.proof, attempts };
  if (state === 'failed')
    throw new NodeError(
      'solana.failed',
      'The transaction failed on the chain for good. Its fee is spent, and nothing else moved.',
      {
        details,
      },
    );
  if (state === 'review')
    throw new NodeError(
      'solana.needsPerson',
      `Blok can neither prove that the payment was made nor that it was not, and makes no new transaction. Look at the signatures: ${
        attempts.map(({ signature }) => signature).join(', ') || 'there are none'
      }.`,
      { details, unknown: true },
    );
  throw interrupted('Another attempt of this step let the payment go before anything was sent.', details);
}

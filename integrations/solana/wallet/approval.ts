import { createHash } from 'node:crypto';
import type { Json } from '../../../graph/json.ts';
import { NodeError } from '../../error.ts';
import type { Payments, PaymentTerms } from '../../payments.ts';
import { fromUnits } from '../notation/amounts.ts';
import type { Policy } from '../policy.ts';

/** For so long an approval counts. */
export const APPROVED_FOR_MS = 24 * 3_600_000;

/**
 * The hash of all that a person approves: which payment of whom to whom, of what and how much, and what it may cost. If one of
 * these changes, somebody has to be asked again.
 */
export function planHash(terms: PaymentTerms, policy: Pick<Policy, 'costs'>): string {
  const { id, chain, wallet, recipient, asset, amount, decimals } = terms;
  const costs = policy.costs.perTransaction;
  return createHash('sha256')
    .update(JSON.stringify(['blok plan v1', id, chain, wallet, recipient, asset, String(amount), decimals, costs]))
    .digest('hex');
}

/**
 * Asks a person about a payment, unless one has approved it.
 *
 * @param about what else people should know
 * @throws NodeError `solana.needsApproval`, with which the step waits; `solana.declined`
 */
export async function askApproval(
  payments: Pick<Payments, 'ask' | 'approval'>,
  terms: PaymentTerms,
  policy: Policy,
  about: Readonly<Record<string, Json>>,
): Promise<void> {
  const { id, chain, wallet, recipient, asset, amount, decimals } = terms;
  const plan = planHash(terms, policy);
  const isApproved = await isApprovedBy(payments, id, plan);
  if (isApproved) return;
  const costs = policy.costs.perTransaction;
  const shown = { recipient, asset, amount: fromUnits(amount, decimals), mostCosts: costs, ...about };
  await payments.ask({ id, plan, chain, wallet, shown, validMs: APPROVED_FOR_MS });
  const { askedMsAgo = 0 } = (await payments.approval(id, plan)) ?? {};
  throw needsApproval(terms, plan, askedMsAgo);
}

/** @throws NodeError `solana.needsApproval`, `solana.declined` */
export async function requireApproval(
  payments: Pick<Payments, 'approval'>,
  terms: PaymentTerms,
  policy: Policy | null,
): Promise<void> {
  const plan = planHash(terms, policy!);
  if (!(await isApprovedBy(payments, terms.id, plan))) throw needsApproval(terms, plan, 0);
}

async function isApprovedBy(payments: Pick<Payments, 'approval'>, id: string, plan: string): Promise<boolean> {
  const found = await payments.approval(id, plan);
  if (found?.state === 'declined')
    throw new NodeError('solana.declined', `${found.by} declined this payment${found.note ? `: ${found.note}` : ''}.`, {
      details: { id, plan },
    });
  return found?.state === 'approved' && (found.decidedMsAgo ?? Number.POSITIVE_INFINITY) < APPROVED_FOR_MS;
}

/** How long a step waits before it looks again: the longer nobody has answered, the longer. */
const SHORTEST_MS = 2_000;
const LONGEST_MS = 10 * 60_000;

function needsApproval({ id, connection, recipient }: PaymentTerms, plan: string, askedMsAgo: number): NodeError {
  return new NodeError(
    'solana.needsApproval',
    `${recipient} is new to the wallet "${connection}", so a person has to approve this payment: ` +
      `npx blok wallet approve ${connection} ${id} --plan ${plan}`,
    {
      waits: true,
      retryable: true,
      retryAfterMs: Math.round(Math.min(LONGEST_MS, Math.max(SHORTEST_MS, askedMsAgo / 10))),
      details: { id, plan, recipient },
    },
  );
}

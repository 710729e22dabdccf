import { randomBytes } from 'node:crypto';
import type { BeginPayment } from '../begin.ts';

/** Something that looks like an id of a payment. */
export const hex = () => randomBytes(32).toString('hex');

/** An address of a wallet that nobody has used. */
export const newWallet = () => `w-${hex().slice(0, 20)}`;

/** A payment of ten units to Ada, before it begins. */
export const beginning = (
  wallet: string,
  given: Partial<BeginPayment> & { id?: string; amount?: bigint; recipient?: string } = {},
): BeginPayment => {
  const { id = hex(), amount = 10n, recipient = 'ada', ...rest } = given;
  return {
    terms: { id, chain: 'solana:x', wallet, connection: 'payer', recipient, asset: 'SOL', amount, decimals: 9 },
    reserve: [
      { asset: 'SOL', amount },
      { asset: 'cost', amount: 7n },
    ],
    limits: [],
    ...{ runId: 'r1', workflow: 'w', step: 'pay' },
    ...rest,
  };
};

import { z } from 'zod';
import { defineNode } from '../define.ts';
import { NodeError } from '../error.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { SOL_DECIMALS, toUnits } from './notation/amounts.ts';
import { address, positiveSol } from './notation/fields.ts';

/** Asks a test cluster for SOL. */
export const solanaAirdrop = defineNode({
  type: 'solana.airdrop',
  version: '1.0.0',
  title: 'Airdrop',
  description: 'Asks a test cluster for SOL that is worth nothing. Refused on mainnet.',
  connection: READS,
  effect: 'at-least-once',
  ...readPolicy,
  input: z.strictObject({
    address: address().optional().describe('Who gets it. Default: the wallet, if the connection is one.'),
    amount: positiveSol()
      .refine((text) => toUnits(text, SOL_DECIMALS)! <= 1_000_000_000_000n, 'must be at most 1000')
      .describe('Amount in SOL, as text. Clusters give little at a time.'),
  }),
  output: z.object({ signature: z.string().describe('Signature of the transaction that brings it.') }),
  examples: [{ title: 'Get a SOL', with: { amount: '1', address: 'So11111111111111111111111111111111111111112' } }],
  errors: { 'solana.refused': 'The cluster is mainnet.' },
  async run(ctx, input) {
    const { addressOf, namedChain } = await import('./open.ts');
    const { chain, cluster } = namedChain(ctx);
    if (cluster === 'mainnet') throw new NodeError('solana.refused', 'Nobody gives SOL away on mainnet.');
    const lamports = toUnits(input.amount, SOL_DECIMALS)!;
    return { signature: await chain.providers[0].airdrop(addressOf(ctx, input.address), lamports) };
  },
});

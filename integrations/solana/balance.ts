import { z } from 'zod';
import { defineNode } from '../define.ts';
import type { TokenHolding } from './chain/port.ts';
import { SOL_DECIMALS } from './notation/amounts.ts';
import { address, money, moneyOf } from './notation/fields.ts';
import { READS, readPolicy } from './policies.ts';

/** Reads what an address holds. */
export const solanaBalance = defineNode({
  type: 'solana.balance',
  version: '1.0.0',
  title: 'Balance',
  description: 'What an address holds: SOL, and tokens of both token programs, in base units and as decimal texts.',
  connection: READS,
  effect: 'read',
  ...readPolicy,
  input: z.strictObject({
    address: address().optional().describe('The address. Default: that of the wallet, if the connection is one.'),
  }),
  output: z.object({
    address: z.string().describe('The address.'),
    sol: money('What it holds of SOL'),
    tokens: z
      .array(
        money('What it holds of the token').extend({
          mint: z.string().describe('Address of the mint.'),
          program: z.string().describe('Address of the token program.'),
        }),
      )
      .describe('By mint; accounts of the same mint are added up.'),
  }),
  examples: [
    { title: 'Of the wallet', with: {} },
    { title: 'Of an address', with: { address: 'So11111111111111111111111111111111111111112' } },
  ],
  async run(ctx, input) {
    const { addressOf, readingChain } = await import('./open.ts');
    const { reading } = await import('./chain/reading.ts');
    const chain = await readingChain(ctx);
    const owner = addressOf(ctx, input.address);
    const { lamports, holdings } = await reading(chain, async (provider) => ({
      lamports: (await provider.accounts([owner])).accounts[0]?.lamports ?? 0n,
      holdings: await provider.tokensOf(owner),
    }));
    return { address: owner, sol: moneyOf(lamports, SOL_DECIMALS), tokens: byMint(holdings) };
  },
});

function byMint(holdings: readonly TokenHolding[]) {
  const sums = new Map<string, TokenHolding>();
  for (const one of holdings) {
    const before = sums.get(one.mint)?.amount ?? 0n;
    sums.set(one.mint, { ...one, amount: before + one.amount });
  }
  return [...sums.values()]
    .sort((a, b) => (a.mint < b.mint ? -1 : 1))
    .map(({ mint, program, amount, decimals }) => ({ mint, program, ...moneyOf(amount, decimals) }));
}

import { z } from 'zod';
import { defineNode } from '../define.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { address, money } from './notation/fields.ts';

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
    const { holdingsOf } = await import('./chain/holdings.ts');
    const chain = await readingChain(ctx);
    const owner = addressOf(ctx, input.address);
    const { sol, tokens } = await holdingsOf(chain, owner);
    return { address: owner, sol, tokens: [...tokens] };
  },
});

import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { signature } from './notation/fields.ts';

/** Looks a signature up. */
export const solanaStatus = defineNode({
  type: 'solana.status',
  version: '1.0.0',
  title: 'Status of a transaction',
  description:
    'How far a transaction has come, by its signature and by the provider that knows most. Also looks into the history of the providers.',
  connection: READS,
  effect: 'read',
  ...readPolicy,
  input: z.strictObject({ signature: signature().describe('Signature of the transaction.') }),
  output: z.object({
    status: z
      .enum(['unknown', 'processed', 'confirmed', 'finalized'])
      .describe(
        '`unknown`: no provider that answers knows such a transaction. That does not mean that it will never land.',
      ),
    succeeded: z.boolean().nullable().describe('Whether it did what it should; null if it is unknown.'),
    error: json().describe('What the chain says if it failed, else null.'),
    slot: z.string().nullable().describe('Where it landed; null if it is unknown.'),
    asOf: z.string().describe('The slot up to which that provider knew the chain.'),
  }),
  examples: [
    {
      title: 'Has it landed?',
      with: {
        signature: '1111111111111111111111111111111111111111111111111111111111111111',
      },
    },
  ],
  async run(ctx, input) {
    const { readingChain } = await import('./open.ts');
    const { furthest } = await import('./reading/furthest-status.ts');
    const { found, asOf } = await furthest(await readingChain(ctx), input.signature);
    return {
      status: found?.commitment ?? ('unknown' as const),
      succeeded: found === null ? null : found.error === null,
      error: found?.error ?? null,
      slot: found === null ? null : String(found.slot),
      asOf: String(asOf),
    };
  },
});

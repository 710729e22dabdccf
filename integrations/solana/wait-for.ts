import { z } from 'zod';
import { defineNode } from '../define.ts';
import { duration, json } from '../schema.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { signature } from './notation/fields.ts';
import { landedCommitment } from './reading/transaction-fields.ts';

/** Waits until a transaction has landed, or never will. */
export const solanaWaitFor = defineNode({
  type: 'solana.waitFor',
  version: '1.0.0',
  title: 'Wait for a transaction',
  description:
    'Waits until a transaction, by its signature, is confirmed or final, has failed, or can never land any more. The wait survives ' +
    'restarts and occupies no worker. How it ends is an answer, not a failure.',
  connection: READS,
  effect: 'read',
  timeout: '1h',
  retry: { ...readPolicy.retry, maxAttempts: 20 },
  input: z.strictObject({
    signature: signature().describe('Signature of the transaction.'),
    commitment: landedCommitment('finalized'),
    lastValidBlockHeight: z
      .union([z.int().min(0), z.string().regex(/^[0-9]{1,20}$/, 'must be a block height')])
      .optional()
      .describe(
        'The last block height at which the transaction can land, as whoever made it was told together with its blockhash. Only with ' +
          'it can the node say `expired`.',
      ),
    timeout: duration('1s', '30d').default('5m').describe('How long to wait at most.'),
  }),
  output: z.object({
    outcome: z
      .enum(['confirmed', 'finalized', 'failed', 'expired', 'timeout'])
      .describe(
        '`expired`: it has not landed and never will. `timeout`: nothing of that is certain yet, so it may still land.',
      ),
    signature: z.string().describe('Signature of the transaction.'),
    slot: z.string().nullable().describe('Where it landed; null if it has not.'),
    error: json().describe('What the chain says if it failed, else null.'),
    providers: z
      .array(
        z.object({
          name: z.string().describe('Host of the provider.'),
          status: z.enum(['unknown', 'processed', 'confirmed', 'finalized']).describe('What it said last.'),
          slot: z.string().describe('The slot up to which it knew the chain then.'),
        }),
      )
      .describe('What each provider said in the end. One that is missing did not answer.'),
  }),
  examples: [
    {
      title: 'Until it is final',
      with: { signature: '1111111111111111111111111111111111111111111111111111111111111111' },
    },
    {
      title: 'A transaction that somebody else sends',
      with: {
        signature: '1111111111111111111111111111111111111111111111111111111111111111',
        commitment: 'confirmed',
        lastValidBlockHeight: 312_345_678,
        timeout: '10m',
      },
    },
  ],
  notes:
    'The chain is looked at soon at first, and then ever more rarely, at most every five minutes. Between two looks nothing runs. That a ' +
    'transaction has failed or expired is believed only if two providers say so, if the connection has two, and nobody says anything ' +
    'else. Providers that do not answer are asked again until `timeout` has passed.',
  async run(ctx, input) {
    const { waitFor } = await import('./reading/wait-for.ts');
    return waitFor(ctx, input);
  },
});

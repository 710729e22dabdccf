import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { address, signature } from './notation/fields.ts';
import { landedCommitment, seenFields, transactionFields } from './reading/transaction-fields.ts';

/** How many transactions a page may hold: listed, and decoded. */
const MOST = 1_000;
const MOST_DECODED = 100;

/** Lists the transactions of an address. */
export const solanaHistory = defineNode({
  type: 'solana.history',
  version: '1.0.0',
  title: 'History of an address',
  description:
    'Transactions of an address, the newest first, page by page, and, on request, those of its token accounts, too, and decoded. ' +
    'One that cannot be decoded is listed all the same.',
  connection: READS,
  effect: 'read',
  ...readPolicy,
  input: z
    .strictObject({
      address: address().optional().describe('The address. Default: that of the wallet, if the connection is one.'),
      tokenAccounts: z
        .boolean()
        .default(false)
        .describe(
          'Also list transactions of the token accounts that the address owns now. Payments of tokens name only those.',
        ),
      limit: z
        .int()
        .min(1)
        .max(MOST)
        .default(100)
        .describe(`How many transactions at most; with \`decode\`, at most ${MOST_DECODED}.`),
      cursor: z
        .string()
        .max(65_536)
        .optional()
        .describe('The `cursor` of the page before. Default: begin with the newest.'),
      before: signature().optional().describe('Only transactions that are older than this one.'),
      until: signature().optional().describe('Stop when this transaction is reached. It is not listed.'),
      decode: z.boolean().default(false).describe('Also fetch and decode each transaction.'),
      commitment: landedCommitment('finalized'),
    })
    .refine(({ decode, limit }) => !decode || limit <= MOST_DECODED, {
      path: ['limit'],
      error: `must be at most ${MOST_DECODED} with decode`,
    })
    .refine(({ cursor, before }) => cursor === undefined || before === undefined, {
      path: ['before'],
      error: 'says where to begin, as cursor does: give one of them',
    }),
  output: z.object({
    address: z.string().describe('The address.'),
    transactions: z
      .array(
        z.object({
          signature: z.string().describe('Its signature.'),
          slot: z.string().describe('Where it landed.'),
          succeeded: z.boolean().describe('Whether it did what it should.'),
          error: json().describe('What the chain says if it failed, else null.'),
          accounts: z
            .array(z.string())
            .describe('Which of the accounts it belongs to: the address, its token accounts.'),
          transaction: transactionFields.nullable().describe('With `decode`, the transaction; else null.'),
          seen: seenFields.nullable().describe('With `decode`, what it means for the address; else null.'),
        }),
      )
      .describe('The newest first.'),
    cursor: z.string().nullable().describe('For the next page; null if there is none.'),
    reachedUntil: z.boolean().describe('Whether `until` was reached. If it never is, nobody knows that transaction.'),
  }),
  examples: [
    { title: 'The last hundred of the wallet', with: {} },
    {
      title: 'Payments in SOL and tokens, decoded',
      with: { address: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU', tokenAccounts: true, decode: true, limit: 20 },
    },
  ],
  errors: {
    'solana.tooManyAccounts': 'The address owns more token accounts than a page can follow. List without them.',
  },
  notes:
    'What comes newly while you turn pages is on none of the next pages. If a provider says that there is nothing more, the others ' +
    'are asked, too, because some remember less. Token accounts that were closed are not found by their owner any more.',
  async run(ctx, input) {
    const { listHistory } = await import('./reading/list-history.ts');
    return listHistory(ctx, input);
  },
});

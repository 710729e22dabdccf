import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { READS, readPolicy } from './chain/policies.ts';
import { bytesIn } from './notation/bytes.ts';

/** Tries a transaction out. */
export const solanaSimulate = defineNode({
  type: 'solana.simulate',
  version: '1.0.0',
  title: 'Simulate a transaction',
  description:
    'What a transaction would do if it landed now: changes of SOL and tokens, logs, and work. Nothing is sent.',
  connection: READS,
  effect: 'read',
  ...readPolicy,
  input: z.strictObject({
    transaction: z
      .string()
      .max(8_192)
      .refine((text) => text !== '' && bytesIn(text, 'base64') !== null, 'must be base64')
      .describe('The transaction in base64, signed or not.'),
  }),
  output: z.object({
    succeeds: z.boolean().describe('Whether it would do what it should.'),
    error: json().describe('What the chain would say, or null.'),
    logs: z.array(z.string()).describe('What its programs would log.'),
    units: z.string().nullable().describe('Work that it would do.'),
    changes: z
      .array(
        z.object({
          account: z.string().describe('Address of the account.'),
          asset: z.string().describe('`SOL`, or the address of a mint.'),
          raw: z.string().describe('The change in base units, below zero if it would hold less.'),
          text: z.string().nullable().describe('Of SOL, the same as a decimal text.'),
        }),
      )
      .describe('What accounts that stand in the transaction itself would hold more or less.'),
  }),
  examples: [{ title: 'A transaction that was made elsewhere', with: { transaction: 'AQAAAA==' } }],
  errors: { 'input.invalid': 'The bytes are no transaction.' },
  async run(ctx, input) {
    const { simulateWire } = await import('./reading/simulate-wire.ts');
    return simulateWire(ctx, bytesIn(input.transaction, 'base64')!);
  },
});

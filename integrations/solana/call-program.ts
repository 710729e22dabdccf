import { z } from 'zod';
import { defineNode } from '../define.ts';
import { json } from '../schema.ts';
import { payPolicy } from './chain/policies.ts';
import { address, amount, money } from './notation/fields.ts';
import { maxPriorityFee, paid, payErrors, payNotes, payOnce } from './payment/paid.ts';

/** An address, or the wallet's own. */
const addressOrWallet = () =>
  z.union([z.literal('wallet'), address()]).describe('An address, or `wallet` for that of the wallet.');

const account = z.strictObject({
  address: addressOrWallet(),
  signer: z.boolean().default(false).describe('Whether it must sign. Only the wallet can.'),
  writable: z.boolean().default(false).describe('Whether the program may change it.'),
});

/** Calls a program. */
export const solanaCallProgram = defineNode({
  type: 'solana.callProgram',
  version: '1.0.0',
  title: 'Call a program',
  description:
    'Calls an instruction of a program with a wallet, exactly once, with bytes or with named arguments by an Anchor IDL. What a simulation ' +
    'says that the wallet would lose must be within the policy of the wallet, and the program must be listed there.',
  connection: { type: 'solana-wallet', required: true },
  effect: 'exactly-once',
  queue: 'wallet',
  ...payPolicy,
  input: z.strictObject({
    program: address().describe('Address of the program.'),
    accounts: z
      .union([z.array(account).max(64), z.record(z.string().max(200), addressOrWallet())])
      .optional()
      .describe(
        'The accounts of the instruction, in their order. With `idl`, by name: its signers are the wallet, and addresses that ' +
          'the IDL knows or says how to derive may be left out.',
      ),
    moreAccounts: z
      .array(account)
      .max(64)
      .default([])
      .describe('Accounts behind those, for programs that take any number.'),
    data: z.string().max(8_192).optional().describe('The data of the instruction, instead of an IDL.'),
    dataEncoding: z.enum(['base64', 'hex']).default('base64').describe('How the data are written.'),
    idl: json()
      .optional()
      .describe('The IDL of the program, of any version of Anchor, as an object or as its JSON text.'),
    instruction: z.string().max(200).optional().describe('Which instruction of the IDL is called.'),
    arguments: z
      .record(z.string(), json())
      .default({})
      .describe(
        'The arguments by name, as the IDL says. Integers beyond 2^53 are texts; bytes are base64, hex after `0x`, or a list; a ' +
          'variant is its name, or an object with its fields under its name.',
      ),
    most: z
      .array(
        z.strictObject({
          asset: z.union([z.literal('SOL'), address()]).describe('`SOL`, or the address of a mint.'),
          amount: amount().describe('The most that the wallet may lose of it.'),
        }),
      )
      .max(20)
      .refine((all) => new Set(all.map(({ asset }) => asset)).size === all.length, 'names an asset twice')
      .optional()
      .describe(
        'The most that the call may take, by asset, fees not counted; what is not listed it may not take at all. Name it where prices ' +
          'move between simulation and landing. Default: what the simulation says.',
      ),
    payOnce: payOnce(),
    maxPriorityFee: maxPriorityFee(),
  }),
  output: z.object({
    ...paid.pick({ id: true, signature: true, from: true, receipt: true, attempts: true }).shape,
    program: z.string().describe('Address of the program.'),
    changes: z
      .array(money('What the wallet has more or less').extend({ asset: z.string().describe('`SOL`, or a mint.') }))
      .nullable()
      .describe(
        'What the call did to the wallet, without the fee, as the chain says; null if no provider shows it now.',
      ),
    logs: z.array(z.string()).describe('What the programs logged.'),
  }),
  examples: [
    {
      title: 'Write a memo',
      with: {
        program: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr',
        accounts: [{ address: 'wallet', signer: true }],
        data: 'aGVsbG8=',
      },
    },
    {
      title: 'An instruction of an IDL',
      with: {
        program: 'Stake11111111111111111111111111111111111111',
        idl: {
          instructions: [
            {
              name: 'deposit',
              discriminator: [242, 35, 198, 137, 82, 225, 242, 182],
              accounts: [
                { name: 'vault', writable: true },
                { name: 'owner', writable: true, signer: true },
              ],
              args: [{ name: 'amount', type: 'u64' }],
            },
          ],
        },
        instruction: 'deposit',
        accounts: { vault: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU' },
        arguments: { amount: '250000000' },
        most: [{ asset: 'SOL', amount: '0.26' }],
      },
    },
  ],
  errors: payErrors,
  notes: `${payNotes} What a program takes is known by simulation alone, and counted against the limits of each asset in the policy, rent included.`,
  async run(ctx, input) {
    const { callProgram } = await import('./calls/call-program.ts');
    return callProgram(ctx, input);
  },
});

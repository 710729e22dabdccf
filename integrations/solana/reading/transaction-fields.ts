import { z } from 'zod';
import { json } from '../../schema.ts';
import { money } from '../notation/fields.ts';

/** How sure a transaction must be before it is shown. */
export const landedCommitment = (usual: 'confirmed' | 'finalized') =>
  z
    .enum(['confirmed', 'finalized'])
    .default(usual)
    .describe(
      'How sure the chain must be. What is `confirmed` may, very rarely, vanish again; what is `finalized` stays.',
    );

const asset = () => z.string().describe('`SOL`, or the address of a mint.');
const direction = () => z.enum(['in', 'out']).describe('`in`: more than before.');

const change = money('What the account holds more or less').extend({
  account: z.string().describe('Address of the account; of tokens, of the token account.'),
  owner: z.string().nullable().describe('Whose it is: of a token account, its owner; null if that is not known.'),
  asset: asset(),
  direction: direction(),
});

const transfer = z.object({
  asset: asset().nullable().describe('`SOL`, the address of a mint, or null if it is not known.'),
  from: z.string().describe('The account that paid; of tokens, the token account.'),
  to: z.string().describe('The account that was paid; of tokens, the token account.'),
  fromOwner: z.string().nullable().describe('Whose account paid, if that is known.'),
  toOwner: z.string().nullable().describe('Whose account was paid, if that is known.'),
  raw: z.string().describe('In base units.'),
  decimals: z.int().nullable().describe('Decimals of the asset, if they are known.'),
  text: z.string().nullable().describe('As a decimal text, if the decimals are known.'),
  inner: z.boolean().describe('Whether another program made the transfer.'),
});

const instruction = z.object({
  program: z.string().describe('Address of the program.'),
  accounts: z.array(z.string()).describe('Addresses of its accounts.'),
  data: z.string().describe('Its data in base64.'),
  index: z.int().describe('Number of the instruction of the transaction that it is, or that led to it.'),
  inner: z.boolean().describe('Whether another program called it.'),
  depth: z
    .int()
    .nullable()
    .describe(
      '1 for an instruction of the transaction itself, 2 for what that called, and so on; null if the provider does not say.',
    ),
});

/** A decoded transaction, as nodes and triggers give it to graphs. */
export const transactionFields = z.object({
  signature: z.string().describe('Its signature.'),
  slot: z.string().nullable().describe('Where it landed.'),
  blockTime: z.string().nullable().describe('When, as an ISO time; null if the provider does not know it.'),
  status: z
    .enum(['succeeded', 'failed', 'undecodable'])
    .describe('`undecodable`: it landed, but cannot be read; then nearly everything else is null or empty.'),
  undecodable: z.string().nullable().describe('Why it cannot be read, else null.'),
  error: json().describe('What the chain says if it failed, else null.'),
  version: z.enum(['legacy', '0', '1']).nullable().describe('Version of the transaction.'),
  fee: money('What the network took').nullable().describe('What the network took, in SOL.'),
  feePayer: z.string().nullable().describe('Who paid the fee.'),
  signers: z.array(z.string()).describe('Who signed it, the fee payer first.'),
  changes: z
    .array(change)
    .describe('By account and asset, from the balances before and after. What the fee payer lost includes the fee.'),
  transfers: z
    .array(transfer)
    .describe(
      'Transfers by the words of the instructions, also within other programs. Fees of a mint are not taken off.',
    ),
  memos: z.array(z.string()).describe('Texts that were given to a memo program.'),
  programs: z.array(z.string()).describe('Programs that were called, also by other programs.'),
  instructions: z.array(instruction).describe('In the order in which they were executed.'),
  logs: z.array(z.string()).describe('What its programs logged, up to 64 KB.'),
  logsCut: z.boolean().describe('Whether lines of the log are missing.'),
});

/** What a transaction means for one address. */
export const seenFields = z.object({
  address: z.string().describe('The address.'),
  direction: z
    .enum(['in', 'out', 'both', 'none'])
    .describe('Whether it got something, gave something, or both, as in a swap. Fees do not count.'),
  changes: z
    .array(money('What it has more or less').extend({ asset: asset(), direction: direction() }))
    .describe('By asset: the account itself and the token accounts that it owns, added up, without the fee.'),
});

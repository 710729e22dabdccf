import { z } from 'zod';
import { json } from '../../schema.ts';
import { sol } from '../notation/fields.ts';

/** What the two nodes that pay have in common. */

/** How an author names a payment that must happen once, whichever step asks for it. */
export const payOnce = () =>
  z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'Names the payment, such as the number of an invoice: it is made once with this wallet, also by other steps and runs. Names are compared letter by letter. ' +
        'Default: once per step of a run.',
    );

/** What may be paid for being served soon. */
export const maxPriorityFee = () =>
  sol()
    .default('0.00001')
    .describe('The most that is paid, beside the usual fee, for being served soon, in SOL. What others pay decides.');

/** What is known of a payment that landed. */
export const paid = z.object({
  id: z.string().describe('Id of the payment in the ledger of the wallet.'),
  signature: z
    .string()
    .nullable()
    .describe(
      'Signature of the transaction that landed. Null: a person decided that it was paid, and the ledger holds no transaction.',
    ),
  from: z.string().describe('Address of the wallet.'),
  to: z.string().describe('Address of the recipient.'),
  asset: z.string().describe('`SOL`, or the address of the mint.'),
  amount: z.string().describe('What was paid, as a decimal text.'),
  raw: z.string().describe('The same in base units.'),
  receipt: z.string().nullable().describe('Address of the receipt account, if there is one.'),
  attempts: z
    .array(
      z.object({
        no: z.int().describe('Counts from 1.'),
        signature: z.string().describe('Its signature.'),
        state: z.string().describe('`landed`, `expired`, `failed` or `discarded`.'),
        proof: json().describe('What providers said that proves the state.'),
      }),
    )
    .describe('Every transaction that was signed for this payment. One has landed, if no person decided about it.'),
});

export type Paid = z.output<typeof paid>;

/** Codes of both nodes. */
export const payErrors = {
  'solana.policy':
    'The policy of the wallet does not allow the payment, or it would do something else than what was ordered.',
  'payment.limit': 'The payment would be above a limit of the policy, together with what is spent and set aside.',
  'payment.stopped': 'Somebody stopped the wallet.',
  'payment.conflict': 'The same payment was made before with other terms.',
  'solana.noPrice':
    'The policy has limits in USD, and there is no fresh price of an asset on which two feeds agree; `details` has its code and the asset. Nothing was signed.',
  'solana.refused': 'The recipient or the token is unusual, and the policy does not allow that by name.',
  'solana.rent': 'The amount is too small to make the account of the recipient.',
  'solana.needsApproval':
    'A person must approve a payment to this recipient. The step waits for that, and fails with this code only if it runs where nothing waits.',
  'solana.declined': 'A person declined the payment.',
  'solana.costs': 'Fees rose meanwhile above what is set aside. The step begins again.',
  'solana.signer': 'Whoever holds the key was given other bytes than those of the payment. Nothing was signed.',
  'solana.signerKey': 'The service keeps the key of another address, or a key of the wrong kind.',
  'solana.signature': 'The service that keeps the key answered what is no signature. The step tries again.',
  'solana.insufficientFunds': 'The wallet does not hold enough.',
  'solana.simulation': 'The payment would fail on the chain. Nothing was signed.',
  'solana.failed': 'The transaction failed on the chain for good. Its fee is spent, and nothing else moved.',
  'solana.needsPerson':
    'It can be proven neither that the payment was made nor that it was not. No new transaction is made.',
  'solana.wrongCluster': 'The providers show another chain than that of the wallet.',
} as const;

/** What authors must know about both. */
export const payNotes =
  'The payment is kept in a ledger before anything is sent, and only the bytes in the ledger are sent, again and again until they ' +
  'have landed or are proven dead. So retries, crashes, two workers at once and resets pay once. `blok wallet ledger NAME` shows ' +
  'each payment with its proof. A cancelled run makes no new transaction; one that was sent may still land. ' +
  'See [Solana](../solana.md).';

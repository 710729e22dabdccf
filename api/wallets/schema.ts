import { z } from 'zod';
import { connectionParams } from '../connections/schema.ts';
import { json, nextPage, pageCursor, pageLimit, runId } from '../http/fields.ts';

export const walletParams = connectionParams;

const amount = z.string().describe('In base units: lamports, or the smallest unit of a token.');

export const wallet = z
  .object({
    name: z.string().describe('Name of the connection.'),
    address: z.string(),
    cluster: z.string().describe('The only cluster on which it pays.'),
    rpc: z.string().describe('Name of the connection by which it reaches the chain.'),
    policy: json().describe('What it may pay without anybody being asked; null: nothing.'),
    stoppedAt: z.string().nullable().describe('When somebody stopped it; null: it pays.'),
    stoppedBecause: z.string().nullable(),
    totals: z
      .array(
        z.object({
          chain: z.string(),
          asset: z.string().describe('`SOL`, the address of a mint, or `cost`: fees and rent, in lamports.'),
          held: amount.describe('Set aside for payments that are not settled.'),
          spent: amount.describe('Spent in the last 24 hours.'),
        }),
      )
      .describe('By chain and asset, those that are not zero.'),
  })
  .meta({ id: 'Wallet' });

export const walletList = z.object({ items: z.array(wallet) });

export const policyBody = z.strictObject({
  policy: json().describe('The new policy, as a whole; null: the wallet may pay nothing.'),
});

export const stopBody = z.strictObject({
  because: z.string().max(500).optional().describe('Why, for whoever sees that it is stopped.'),
});

export const paymentsQuery = z.strictObject({
  run: runId().optional().describe('Only payments of this run.'),
  step: z.string().max(500).optional().describe('Only payments of this step.'),
  limit: pageLimit(200, { what: 'payments', usual: 50 }),
  cursor: pageCursor(500),
});

export const payments = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      state: z.enum(['open', 'paid', 'failed', 'refused', 'cancelled', 'review']),
      hasPaid: z
        .enum(['yes', 'no', 'unknown'])
        .describe('Whether it moved money. `unknown`: it was sent, and nothing is proven yet.'),
      chain: z.string(),
      asset: z.string(),
      amount,
      decimals: z.int(),
      recipient: z.string(),
      run: z.string(),
      workflow: z.string(),
      step: z.string(),
      createdAt: z.string(),
      settledAt: z.string().nullable(),
      proof: json(),
      attempts: z.array(
        z.object({
          no: z.int(),
          signature: z.string(),
          state: z.enum(['signed', 'sent', 'expired', 'failed', 'landed', 'discarded']),
          receipt: z.string().nullable(),
          horizon: z.string().describe('Block height above which it can never land.'),
          signedAt: z.string(),
          sentAt: z.string().nullable(),
          endedAt: z.string().nullable(),
          proof: json(),
        }),
      ),
    }),
  ),
  next: nextPage(),
});

export const paymentParams = walletParams.extend({
  payment: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be the id of a payment')
    .describe('Id of the payment in the ledger.'),
});

export const decisionBody = z.strictObject({
  hasPaid: z.boolean().describe('Whether the payment was made, by what you found out about its signatures.'),
  note: z.string().min(1).max(1_000).describe('How you know. Kept with the payment.'),
});

export const decided = z.object({ id: z.string(), state: z.enum(['paid', 'cancelled']) });

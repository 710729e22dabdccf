import { z } from 'zod';
import { connectionParams } from '../connections/schema.ts';
import { json, name, nextPage, pageCursor, pageLimit, runId } from '../http/fields.ts';

export const walletParams = connectionParams;

const amount = z.string().describe('In base units: lamports, or the smallest unit of a token.');

const held = z.object({
  raw: amount,
  decimals: z.int(),
  text: z.string().describe('As a decimal text.'),
});

export const wallet = z
  .object({
    name: z.string().describe('Name of the connection.'),
    address: z.string(),
    cluster: z.string().describe('The only cluster on which it pays.'),
    rpc: z.string().describe('Name of the connection by which it reaches the chain.'),
    signer: z.looseObject({ type: z.string() }).describe('Who keeps the key. Never a secret.'),
    policy: json().describe('What it may pay without anybody being asked; null: nothing.'),
    balances: z
      .object({
        sol: held,
        tokens: z.array(held.extend({ mint: z.string(), program: z.string() })).describe('By mint.'),
      })
      .nullable()
      .describe('What it holds on the chain now; null: that is not known.'),
    balancesProblem: z.string().nullable().describe('Why that is not known; null: it is, or nobody asked.'),
    stoppedAt: z.string().nullable().describe('When somebody stopped it; null: it pays.'),
    stoppedBecause: z.string().nullable(),
    totals: z
      .array(
        z.object({
          chain: z.string(),
          asset: z
            .string()
            .describe(
              '`SOL`, the address of a mint, or `cost`: fees and rent, in lamports; or `usd`: what payments are worth, in millionths.',
            ),
          held: amount.describe('Set aside for payments that are not settled.'),
          spent: amount.describe('Spent in the last 24 hours.'),
        }),
      )
      .describe('By chain and asset, those that are not zero.'),
  })
  .meta({ id: 'Wallet' });

export const walletQuery = z.strictObject({
  balances: z
    .enum(['yes', 'no'])
    .optional()
    .describe('`no`: the chain is not asked what wallets hold. Default: it is, for three seconds at most.'),
});

export const walletsQuery = walletQuery.extend({
  limit: pageLimit(200, { what: 'wallets', usual: 50 }),
  cursor: pageCursor(500),
});

export const walletList = z.object({ items: z.array(wallet), next: nextPage() });

export const policyBody = z.strictObject({
  policy: json().describe('The new policy, as a whole; null: the wallet may pay nothing.'),
});

export const stopBody = z.strictObject({
  because: z.string().max(500).optional().describe('Why, for whoever sees that it is stopped.'),
});

export const paymentsQuery = z.strictObject({
  run: runId().optional().describe('Only payments of this run.'),
  step: name(500).optional().describe('Only payments of this step.'),
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
      worth: z
        .object({
          usd: z.string().describe('In millionths of a USD: so much counts against the limits.'),
          prices: z.array(
            z.object({
              asset: z.string(),
              amount: amount.describe('What the payment may take of it, in base units.'),
              decimals: z.int().describe('Decimals of the asset.'),
              high: z
                .string()
                .describe('The price that was counted, in USD, as a decimal text: the upper end of what feeds said.'),
              freshUntil: z.string().describe('From this moment on it would not have counted any more.'),
              agreed: json().describe('What each feed said.'),
            }),
          ),
        })
        .nullable()
        .describe('What it was worth when it began, and by which prices; null: the wallet had no limits in USD.'),
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

const plan = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be the hash of a plan')
  .describe('Hash of the plan: what is approved is this plan, and no other one.');

export const approvalsQuery = z.strictObject({
  limit: pageLimit(200, { what: 'payments', usual: 50 }),
  cursor: pageCursor(500),
});

export const approvals = z.object({
  items: z.array(
    z.object({
      payment: z.string().describe('Id of the payment.'),
      plan,
      chain: z.string(),
      shown: z.record(z.string(), json()).describe('The plan, for people: recipient, amount, costs.'),
      run: z.string(),
      workflow: z.string(),
      step: z.string(),
      askedAt: z.string(),
    }),
  ),
  next: nextPage(),
});

export const planBody = z.strictObject({
  plan,
  note: z.string().min(1).max(1_000).optional().describe('Kept with the decision.'),
});

export const planDecided = z.object({ id: z.string(), plan, state: z.enum(['approved', 'declined']) });

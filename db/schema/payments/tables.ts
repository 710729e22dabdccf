import { bigint, index, integer, numeric, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { Json } from '../../../graph/json.ts';
import { anyText, bytes, instant, jsonText, workspaceId } from '../columns.ts';

/** An address that has paid or was stopped, on whatever chain. Whoever decides about its money locks its row first. */
export const wallet = pgTable(
  'wallet',
  {
    workspaceId: workspaceId(),
    address: text('address').notNull(),
    /** The kill switch. */
    stoppedAt: instant('stopped_at'),
    stoppedBecause: text('stopped_because'),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.address] })],
);

/** Where a payment stands (`integrations/payments.ts`). */
export type PaymentState = 'open' | 'paid' | 'failed' | 'refused' | 'cancelled' | 'review';

/** What is to be paid: one row for each payment, whatever becomes of the run. Amounts are in base units. */
export const paymentIntent = pgTable(
  'payment_intent',
  {
    workspaceId: workspaceId(),
    id: text('id').notNull(),
    chain: text('chain').notNull(),
    wallet: text('wallet').notNull(),
    connection: text('connection').notNull(),
    recipient: text('recipient').notNull(),
    asset: text('asset').notNull(),
    amount: numeric('amount', { precision: 40, scale: 0 }).notNull(),
    decimals: integer('decimals').notNull(),
    state: text('state').$type<PaymentState>().notNull(),
    proof: jsonText<unknown>('proof'),
    /** How often it was opened. */
    round: integer('round').notNull(),
    runId: text('run_id').notNull(),
    workflow: text('workflow').notNull(),
    step: text('step').notNull(),
    createdAt: instant('created_at').notNull(),
    /** When it was opened last. */
    openedAt: instant('opened_at').notNull(),
    settledAt: instant('settled_at'),
    /** Until then somebody may be signing for it. Whoever stops the wallet waits for that. */
    signingUntil: instant('signing_until'),
    /** Number of its last attempt about which a person decided that it did not pay. */
    decidedNo: integer('decided_no').notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('payment_intent_wallet').on(t.workspaceId, t.wallet, t.createdAt, t.id),
    index('payment_intent_recipient').on(t.workspaceId, t.wallet, t.recipient),
  ],
);

/** Where signed bytes are. */
export type AttemptState = 'signed' | 'sent' | 'expired' | 'failed' | 'landed' | 'discarded';

/** The signed transactions of a payment, at most one of which may land. */
export const paymentAttempt = pgTable(
  'payment_attempt',
  {
    workspaceId: workspaceId(),
    intentId: text('intent_id').notNull(),
    no: integer('no').notNull(),
    signature: text('signature').notNull(),
    wire: bytes('wire').notNull(),
    blockhash: text('blockhash').notNull(),
    horizon: bigint('horizon', { mode: 'bigint' }).notNull(),
    fee: bigint('fee', { mode: 'bigint' }).notNull(),
    cost: bigint('cost', { mode: 'bigint' }).notNull(),
    receipt: text('receipt'),
    state: text('state').$type<AttemptState>().notNull(),
    proof: jsonText<unknown>('proof'),
    signedAt: instant('signed_at').notNull(),
    sentAt: instant('sent_at'),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.intentId, t.no] }),
    uniqueIndex('payment_attempt_signature').on(t.workspaceId, t.signature),
  ],
);

/** A price by which an amount was counted in USD (`integrations/payments.ts`). */
export type PriceUsed = {
  readonly high: string;
  readonly decimals: number;
  readonly freshUntil: string;
  readonly agreed: Json;
};

/** What is set aside for payments, and what they took. Limits count what is held, and what was spent lately. */
export const paymentReservation = pgTable(
  'payment_reservation',
  {
    workspaceId: workspaceId(),
    intentId: text('intent_id').notNull(),
    round: integer('round').notNull(),
    asset: text('asset').notNull(),
    chain: text('chain').notNull(),
    wallet: text('wallet').notNull(),
    recipient: text('recipient').notNull(),
    runId: text('run_id').notNull(),
    amount: numeric('amount', { precision: 40, scale: 0 }).notNull(),
    /** The price by which the amount counts among what the payment is worth. */
    price: jsonText<PriceUsed>('price'),
    state: text('state').$type<'held' | 'spent' | 'released'>().notNull(),
    changedAt: instant('changed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.intentId, t.round, t.asset] }),
    index('payment_reservation_wallet').on(t.workspaceId, t.wallet, t.asset, t.state, t.changedAt),
  ],
);

/** Plans of payments about which a person is asked. The plan is named by its hash, so that no other plan is approved. */
export const paymentApproval = pgTable(
  'payment_approval',
  {
    workspaceId: workspaceId(),
    intentId: text('intent_id').notNull(),
    plan: text('plan').notNull(),
    chain: text('chain').notNull(),
    wallet: text('wallet').notNull(),
    /** What is to be paid, for people. */
    shown: jsonText<unknown>('shown').notNull(),
    runId: text('run_id').notNull(),
    workflow: text('workflow').notNull(),
    step: text('step').notNull(),
    askedAt: instant('asked_at').notNull(),
    /** The state for lists. What counts is what is sealed. */
    state: text('state').$type<'asked' | 'approved' | 'declined'>().notNull(),
    decidedAt: instant('decided_at'),
    decidedBy: anyText('decided_by'),
    note: anyText('note'),
    dekVersion: integer('dek_version'),
    nonce: bytes('nonce'),
    ciphertext: bytes('ciphertext'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.intentId, t.plan] }),
    index('payment_approval_wallet').on(t.workspaceId, t.wallet, t.state, t.askedAt),
  ],
);

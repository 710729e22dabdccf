import * as db from '../../db/index.ts';
import type { Payments } from '../../integrations/payments.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { storeOf } from './provider-context.ts';

/** For whom payments are made, and in which part of the database. */
export interface Payer extends Pick<EffectRequest, 'runId' | 'workflow' | 'step' | 'idempotencyKey'> {
  readonly keyring: db.Keyring;
  readonly within: <T>(work: (tx: db.Tenant) => Promise<T>) => Promise<T>;
}

/** The ledger of payments of the step's workspace. */
export const paymentsOf = (deps: ActivityDeps, request: EffectRequest): Payments =>
  ledgerFor({ ...request, keyring: deps.keyring, within: storeOf(deps, request.workspace) });

/** The ledger, as one step sees it: each call is a transaction of its own. */
export function ledgerFor({ within, runId, workflow, step, idempotencyKey, keyring }: Payer): Payments {
  return {
    begin: (terms, wants) => within((tx) => db.beginPayment(tx, { terms, ...wants, runId, workflow, step })),
    whyNot: (terms, wants) => within((tx) => db.whyNoPayment(tx, { terms, ...wants, runId })),
    read: (id) => within((tx) => db.readPayment(tx, { id })),
    hasPaidTo: (terms) => within((tx) => db.hasPaidTo(tx, terms)),
    ask: (plan) => within((tx) => db.askApproval(tx, { ...plan, runId, workflow, step })),
    approval: (id, plan) => within((tx) => db.readApproval(tx, { id, plan, keyring })),
    signing: (id, forMs) => within((tx) => db.noteSigning(tx, { id, forMs })),
    keep: (id, attempt) => within((tx) => db.keepAttempt(tx, { id, attempt })),
    sending: (id, no) => within((tx) => db.markSending(tx, { id, no })),
    end: (id, no, ended) => within((tx) => db.endAttempt(tx, { id, no, ...ended })),
    settle: (id, ended) => within((tx) => db.settlePayment(tx, { id, ...ended })),
    abandoned: (wallet, chain) => within((tx) => db.abandonedPayments(tx, { wallet, chain })),
    createWallet: (wallet) => within((tx) => db.createWalletConnection(tx, { ...wallet, keyring, idempotencyKey })),
  };
}

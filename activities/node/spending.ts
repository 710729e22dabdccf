import { randomUUID } from 'node:crypto';
import * as db from '../../db/index.ts';
import { formatMoney, parseMoney } from '../../graph/money.ts';
import { costOf, mostOf, wholeUsage } from '../../integrations/ai/prices/cost.ts';
import type { ModelPrice } from '../../integrations/ai/prices/price.ts';
import { NodeError } from '../../integrations/error.ts';
import type { Spending, SpendingLimit, SpendingReservation } from '../../integrations/spending.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { storeOf } from './provider-context.ts';

/** The attempt that makes the calls. */
export interface Spender {
  readonly attempt: number;
  /** Name of the opened connection. */
  readonly connection: string | null;
  /** How long the attempt can take. */
  readonly attemptMs: number;
  readonly warn: (message: string, data: object) => void;
}

/** A worker that stopped answering may still write for a moment after its attempt has ended for Temporal. */
const GRACE_SECONDS = 60;

type Stored = <T>(work: (tx: db.Tenant) => Promise<T>) => Promise<T>;

/** The accounts for calls to models, as one attempt of a step sees them. */
export function spendingOf(deps: ActivityDeps, request: EffectRequest, spender: Spender): Spending {
  const { workspace, workflow, runId, step } = request;
  const stored = storeOf(deps, workspace);
  const spent = (cost: string) =>
    deps.telemetry?.metrics?.count('blok_cost_usd_total', { type: request.type }, Number(cost));
  const leaseSeconds = Math.ceil(spender.attemptMs / 1_000) + GRACE_SECONDS;
  return {
    reserve: async (planned) => {
      const { provider, model, continues } = planned;
      const { attempt, connection } = spender;
      const day = new Date().toISOString().slice(0, 10);
      const price = deps.prices.find({ provider, model, connection, day });
      const estimate = price && mostOf(price, wholeUsage(planned.estimate));
      if (continues !== undefined) {
        const begun = { runId, step, attempt, model, estimate, responseId: continues, leaseSeconds };
        const began = await stored((tx) => db.continueCall(tx, begun));
        if (began !== null) return reservation(stored, began, { price, spent });
      }
      const id = randomUUID();
      const limit = planned.limit && limitOf(planned.limit);
      const call = { id, workflow, runId, step, attempt, connection, provider, model, estimate, limit, leaseSeconds };
      const { passed } = await stored((tx) => db.reserveCall(tx, call)).catch(refused);
      for (const budget of passed) spender.warn('A soft budget for calls to models is passed.', { budget });
      return reservation(stored, id, { price, spent });
    },
  };
}

function reservation(
  stored: Stored,
  id: string,
  { price, spent }: { price: ModelPrice | null; spent: (amount: string) => void },
): SpendingReservation {
  let isCounted = false;
  return {
    began: (responseId) => stored((tx) => db.nameCall(tx, { id, responseId })),
    settle: async ({ usage: reported, id: responseId }) => {
      const usage = wholeUsage(reported);
      const cost = price && (usage.estimated ? mostOf(price, usage) : costOf(price, usage));
      const known = { id, usage, cost, responseId };
      const settled = await stored((tx) => db.settleCall(tx, known));
      const charged = settled.cost === null ? null : formatMoney(settled.cost);
      if (charged !== null && !isCounted) spent(charged);
      isCounted = true;
      return { usage: settled.usage, cost: charged };
    },
    release: () => stored((tx) => db.releaseCall(tx, { id })),
    unknown: () => stored((tx) => db.leaveCallUnknown(tx, { id })),
  };
}

/** @throws NodeError `input.invalid` */
function limitOf({ cost, within }: SpendingLimit): NonNullable<db.CallToReserve['limit']> {
  const amount = parseMoney(cost);
  if (amount !== null && amount >= 0n) return { amount, within };
  throw new NodeError('input.invalid', `"${cost}" is no amount of US dollars. Write it as a text such as "0.50".`);
}

/** A budget that does not allow the call: trying again would not help. */
function refused(error: unknown): never {
  const isBudget = error instanceof db.DataError && error.code.startsWith('budget.');
  throw isBudget ? new NodeError('ai.budget', error.message, { retryable: false }) : error;
}

import { z } from 'zod';
import { type LedgerEntry, walletLedger } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { storedMoment } from '../http/fields.ts';
import { showWallet } from './open.ts';
import type { paymentsQuery } from './schema.ts';

/** Where a page ends. */
const PLACE = z.strictObject({ createdAt: storedMoment(), id: z.string().regex(/^[0-9a-f]{64}$/) });

/** A page of the ledger of a wallet, the newest first. @throws ApiProblem `connection.notFound`, `request.invalid` */
export async function listPayments(ctx: Context, input: { readonly name: string } & z.output<typeof paymentsQuery>) {
  const { name, run, step, limit = 50, cursor } = input;
  const { address } = await showWallet(ctx, { name });
  const before = cursor === undefined ? undefined : readCursor(cursor, PLACE);
  const rows = await ctx.tenant((tx) => walletLedger(tx, { address, runId: run, step, before, limit: limit + 1 }));
  return pageOf(rows, { limit, placeOf: ({ createdAt, terms: { id } }) => ({ createdAt, id }), present: shown });
}

function shown({ terms, state, proof, runId, worth, attempts, ...entry }: LedgerEntry) {
  const { id, chain, asset, amount, decimals, recipient } = terms;
  return {
    ...{ id, state, hasPaid: hasPaid(state, attempts), chain, asset, amount: String(amount), decimals, recipient },
    run: runId,
    ...entry,
    worth: worth && {
      usd: String(worth.usd),
      prices: worth.prices.map((price) => ({ ...price, amount: String(price.amount) })),
    },
    proof: proof as Json,
    attempts: attempts.map(({ fee: _fee, cost: _cost, blockhash: _blockhash, horizon, ...attempt }) => ({
      ...attempt,
      horizon: String(horizon),
    })),
  };
}

function hasPaid(state: LedgerEntry['state'], attempts: LedgerEntry['attempts']): 'yes' | 'no' | 'unknown' {
  if (state === 'paid' || attempts.some((attempt) => attempt.state === 'landed')) return 'yes';
  return state === 'review' || attempts.some((attempt) => attempt.state === 'sent') ? 'unknown' : 'no';
}

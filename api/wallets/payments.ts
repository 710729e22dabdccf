import { z } from 'zod';
import { type LedgerCursor, type LedgerEntry, walletLedger } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { showWallet } from './open.ts';

/** A page of the ledger of a wallet, the newest first. @throws ApiProblem `connection.notFound`, `request.invalid` */
export async function listPayments(
  ctx: Context,
  input: {
    readonly name: string;
    readonly run?: string | undefined;
    readonly step?: string | undefined;
    readonly limit?: number | undefined;
    readonly cursor?: string | undefined;
  },
) {
  const { name, run, step, limit = 50, cursor } = input;
  const { address } = await showWallet(ctx, { name });
  const before = cursor === undefined ? undefined : readCursor(cursor);
  const found = await ctx.tenant((tx) => walletLedger(tx, { address, runId: run, step, before, limit: limit + 1 }));
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map(shown),
    next: found.length > limit && last ? writeCursor({ createdAt: last.createdAt, id: last.terms.id }) : null,
  };
}

function shown({ terms, state, proof, runId, attempts, ...entry }: LedgerEntry) {
  const { id, chain, asset, amount, decimals, recipient } = terms;
  return {
    ...{ id, state, hasPaid: hasPaid(state, attempts), chain, asset, amount: String(amount), decimals, recipient },
    ...{
      run: runId,
      workflow: entry.workflow,
      step: entry.step,
      createdAt: entry.createdAt,
      settledAt: entry.settledAt,
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

const form = z.tuple([z.iso.datetime({ precision: 3 }), z.string().regex(/^[0-9a-f]{64}$/)]);

const writeCursor = ({ createdAt, id }: LedgerCursor): string =>
  Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');

function readCursor(text: string): LedgerCursor {
  try {
    const [createdAt, id] = form.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { createdAt, id };
  } catch {
    throw new ApiProblem(
      'request.invalid',
      'query/cursor: is not one of ours. Use "next" of the previous page, unchanged.',
    );
  }
}

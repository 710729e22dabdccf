import { z } from 'zod';
import { askedApprovals, decideApproval } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { storedMoment } from '../http/fields.ts';
import { ApiProblem } from '../http/problem.ts';
import { showWallet } from './open.ts';
import type { approvalsQuery } from './schema.ts';

/** Where a page ends. */
const PLACE = z.strictObject({ askedAt: storedMoment(), plan: z.string().regex(/^[0-9a-f]{64}$/) });

/** Payments of a wallet that wait for a person, the oldest first. @throws ApiProblem `connection.notFound` */
export async function listApprovals(ctx: Context, input: { readonly name: string } & z.output<typeof approvalsQuery>) {
  const { name, limit = 50, cursor } = input;
  const { address } = await showWallet(ctx, { name });
  const after = cursor === undefined ? undefined : readCursor(cursor, PLACE);
  const rows = await ctx.tenant((tx) => askedApprovals(tx, { address, after, limit: limit + 1 }));
  return pageOf(rows, {
    limit,
    placeOf: ({ askedAt, plan }) => ({ askedAt, plan }),
    present: ({ intentId: payment, runId: run, shown, ...asked }) => ({
      ...{ payment, run, ...asked },
      shown: shown as Record<string, Json>,
    }),
  });
}

/**
 * Approves or declines a plan of a payment: this one, and no other of the same payment. The step that waits sees it when it
 * looks next.
 *
 * @throws ApiProblem `connection.notFound`, `payment.notWaiting`
 */
export async function decidePlan(
  ctx: Context,
  input: {
    readonly name: string;
    readonly payment: string;
    readonly plan: string;
    readonly isApproved: boolean;
    readonly note?: string | undefined;
    readonly by: string;
  },
): Promise<{ id: string; plan: string; state: 'approved' | 'declined' }> {
  const { name, payment: id, plan, isApproved, note = null, by } = input;
  const { address: wallet } = await showWallet(ctx, { name });
  const { keyring } = ctx;
  const state = await ctx.tenant((tx) => decideApproval(tx, { id, plan, wallet, isApproved, note, by, keyring }));
  if (!state)
    throw new ApiProblem(
      'payment.notWaiting',
      `No plan ${plan.slice(0, 12)}… of the payment ${id.slice(0, 12)}… waits for a person. GET /api/wallets/${name}/approvals lists all.`,
    );
  ctx.log.info({ wallet: name, payment: id, by }, `payment ${state}`);
  return { id, plan, state };
}

import { z } from 'zod';
import { type OpenApproval, openApprovals } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { runId, storedMoment } from '../http/fields.ts';
import type { WireApproval } from './schema.ts';

/**
 * A page of the approvals that wait for somebody, the oldest first.
 *
 * @param input `withData`: whoever asks may see what is to be decided, and not only where
 *
 * @throws ApiProblem `request.invalid` for an invalid cursor
 */
export async function listApprovals(
  ctx: Context,
  input: {
    workflow?: string | undefined;
    run?: string | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
    withData: boolean;
  },
): Promise<{ items: WireApproval[]; next: string | null }> {
  const { workflow, run, limit = 50, cursor, withData } = input;
  const after = cursor === undefined ? {} : { after: readCursor(cursor, PLACE) };
  const rows = await ctx.tenant((tx) => openApprovals(tx, { workflow, runId: run, limit: limit + 1, ...after }));
  const placeOf = ({ since, runId: id, seq }: OpenApproval) => ({ since, runId: id, seq });
  return pageOf(rows, { limit, placeOf, present: (one) => present(ctx, withData ? one : { ...one, detail: null }) });
}

/** Where a page ends. */
const PLACE = z.strictObject({ since: storedMoment(), runId: runId(), seq: z.int32().min(0) });

function present(ctx: Context, { runId, seq: _, detail, ...approval }: OpenApproval): WireApproval {
  const { title, label } = (detail ?? {}) as { title?: unknown; label?: unknown };
  const shown = typeof title === 'string' ? title : typeof label === 'string' ? label : null;
  const url = `${ctx.publicUrl}/api/runs/${runId}`;
  return {
    run: { id: runId, url },
    ...approval,
    title: shown,
    detail,
    decideUrl: `${url}/approvals/${encodeURIComponent(approval.step)}`,
  };
}

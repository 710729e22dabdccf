import { type ApprovalCursor, type OpenApproval, openApprovals } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import type { WireApproval } from './schema.ts';

/** A page of the approvals that wait for somebody, the oldest first. @throws ApiProblem `request.invalid` for an invalid cursor */
export async function listApprovals(
  ctx: Context,
  input: {
    workflow?: string | undefined;
    run?: string | undefined;
    limit?: number | undefined;
    cursor?: string | undefined;
  },
): Promise<{ items: WireApproval[]; next: string | null }> {
  const { workflow, run: runId, limit = 50, cursor } = input;
  const after = cursor === undefined ? {} : { after: placeOf(cursor) };
  // One more than asked for tells whether there is a next page.
  const rows = await ctx.tenant((tx) => openApprovals(tx, { workflow, runId, limit: limit + 1, ...after }));
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items: items.map((one) => present(ctx, one)),
    next: rows.length > limit && last ? writeCursor(`${Date.parse(last.since)} ${last.runId} ${last.seq}`) : null,
  };
}

const PLACE = /^\d{1,13} r[0-9a-z]{1,40} \d{1,9}$/;

function placeOf(cursor: string): ApprovalCursor {
  const [since, runId, seq] = readCursor(cursor, PLACE).split(' ') as [string, string, string];
  return { since: new Date(Number(since)).toISOString(), runId, seq: Number(seq) };
}

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

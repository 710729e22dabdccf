import { findWorkflow, listVersions as listStored } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';
import { noWorkflow } from '../start/published.ts';

/** A page of the versions of a workflow, newest first. @throws ApiProblem `workflow.notFound` */
export async function listVersions(
  ctx: Context,
  { name, limit = 50, cursor }: { name: string; limit?: number | undefined; cursor?: string | undefined },
) {
  const before = cursor === undefined ? undefined : Number(readCursor(cursor, /^[1-9]\d{0,8}$/));
  const { head, rows } = await ctx.tenant(async (tx) => ({
    head: await findWorkflow(tx, { name }),
    rows: await listStored(tx, { name, before, limit: limit + 1 }),
  }));
  if (head === null) throw noWorkflow(name);
  const items = rows.slice(0, limit).map((row) => ({ ...row, isPublished: row.version === head.version }));
  return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.version) : null };
}

import { z } from 'zod';
import { findWorkflow, listVersions as listStored } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { noWorkflow } from '../start/published.ts';

/** A page of the versions of a workflow, newest first. @throws ApiProblem `workflow.notFound` */
export async function listVersions(
  ctx: Context,
  { name, limit = 50, cursor }: { name: string; limit?: number | undefined; cursor?: string | undefined },
) {
  const before = cursor === undefined ? undefined : readCursor(cursor, z.int32().min(1));
  const { head, rows } = await ctx.tenant(async (tx) => ({
    head: await findWorkflow(tx, { name }),
    rows: await listStored(tx, { name, before, limit: limit + 1 }),
  }));
  if (head === null) throw noWorkflow(name);
  const present = (row: (typeof rows)[number]) => ({ ...row, isPublished: row.version === head.version });
  return pageOf(rows, { limit, placeOf: ({ version }) => version, present });
}

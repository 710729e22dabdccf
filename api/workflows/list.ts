import { listWorkflows as listStored, type WorkflowFilter } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { pageOf, readCursor } from '../http/cursor.ts';
import { slug } from '../http/fields.ts';

/** A page of the workflows of the workspace, by name. @throws ApiProblem `request.invalid` for an invalid cursor */
export async function listWorkflows(
  ctx: Context,
  input: Omit<WorkflowFilter, 'after'> & { cursor?: string | undefined },
) {
  const { cursor, limit = 1000, ...filter } = input;
  const after = cursor === undefined ? {} : { after: readCursor(cursor, slug()) };
  const rows = await ctx.tenant((tx) => listStored(tx, { ...filter, ...after, limit: limit + 1 }));
  return pageOf(rows, { limit, placeOf: ({ name }) => name, present: (row) => row });
}

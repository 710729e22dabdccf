import { listWorkflows as listStored, type WorkflowFilter } from '../../db/index.ts';
import { SLUG_PATTERN } from '../../graph/document/names.ts';
import type { Context } from '../context.ts';
import { readCursor, writeCursor } from '../http/cursor.ts';

/** A page of the workflows of the workspace, by name. @throws ApiProblem `request.invalid` for an invalid cursor */
export async function listWorkflows(
  ctx: Context,
  input: Omit<WorkflowFilter, 'after'> & { cursor?: string | undefined },
) {
  const { cursor, limit = 1000, ...filter } = input;
  const after = cursor === undefined ? {} : { after: readCursor(cursor, SLUG) };
  // One more than asked for tells whether there is a next page.
  const rows = await ctx.tenant((tx) => listStored(tx, { ...filter, ...after, limit: limit + 1 }));
  const items = rows.slice(0, limit);
  return { items, next: rows.length > limit ? writeCursor(items.at(-1)!.name) : null };
}

const SLUG = new RegExp(SLUG_PATTERN);

import { findFilter, listFilters, MOST_FILTERS, putFilter, type SavedFilter } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** Keeps a filter under a name, in place of the one before. @throws ApiProblem `filter.tooMany` */
export async function saveFilter(
  ctx: Context,
  input: { name: string; filter: Readonly<Record<string, string>>; author: string },
): Promise<SavedFilter> {
  return ctx.tenant(async (tx) => {
    const isNew = (await findFilter(tx, input)) === null;
    if (isNew && (await listFilters(tx)).length >= MOST_FILTERS)
      throw new ApiProblem('filter.tooMany', `${MOST_FILTERS} filters are saved. Delete those that nobody uses.`);
    return putFilter(tx, input);
  });
}

import { deleteConnection } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** Deletes a connection. @throws ApiProblem `connection.notFound` */
export async function remove(ctx: Context, input: { name: string }): Promise<{ deleted: true }> {
  if (!(await ctx.tenant((tx) => deleteConnection(tx, input)))) {
    throw new ApiProblem('connection.notFound', `There is no connection "${input.name}" here.`);
  }
  return { deleted: true };
}

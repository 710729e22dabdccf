import { getConnection } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { present, type ShownConnection } from './present.ts';

/** A connection, without its data. @throws ApiProblem `connection.notFound` */
export async function get(ctx: Context, input: { name: string }): Promise<ShownConnection> {
  const found = await ctx.tenant((tx) => getConnection(tx, input));
  if (found) return present(found);
  throw noConnection(input.name);
}

export const noConnection = (name: string): ApiProblem =>
  new ApiProblem('connection.notFound', `There is no connection "${name}" here.`);

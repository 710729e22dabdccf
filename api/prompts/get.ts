import { getPrompt as find } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** A version of a prompt; default: the newest. @throws ApiProblem `prompt.notFound` */
export async function getPrompt(ctx: Context, input: { name: string; version?: number | undefined }) {
  const found = await ctx.tenant((tx) => find(tx, input));
  if (found === null) throw noPrompt(input);
  return found;
}

export function noPrompt({ name, version }: { name: string; version?: number | undefined }): ApiProblem {
  const what = version === undefined ? `no prompt "${name}"` : `no version ${version} of a prompt "${name}"`;
  return new ApiProblem('prompt.notFound', `There is ${what}. GET /api/prompts lists the prompts.`);
}

import { findVersion, getVersion, type PublishedVersion, type Tenant } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * A version of a workflow (default: the published one). Versions never change, so each is read once and kept.
 *
 * @throws ApiProblem `workflow.notFound`
 */
export async function loadVersion(
  ctx: Context,
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<PublishedVersion> {
  const keyOf = (version: number) => `${tx.workspace}/${input.name}@${version}`;
  const number = input.version ?? (await findVersion(tx, input))?.version;
  if (number === undefined) throw notFound(input);
  const known = ctx.versions.get(keyOf(number));
  if (known) return known;
  const version = await getVersion(tx, { name: input.name, version: number });
  if (!version) throw notFound(input);
  return ctx.versions.set(keyOf(number), version);
}

function notFound({ name, version }: { name: string; version?: number }): ApiProblem {
  const what =
    version === undefined ? `no published workflow "${name}"` : `no version ${version} of a workflow "${name}"`;
  return new ApiProblem('workflow.notFound', `There is ${what} here. GET /api/workflows lists them.`);
}

import { findVersion, findWorkflow, getVersion, type PublishedVersion, type Tenant } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/**
 * A version of a workflow (default: the published one). Versions never change, so each is read once and kept: whether the
 * workflow still exists is looked up only if no version is given.
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

/**
 * A version of a workflow that exists now, which may have been deleted since the version was read before.
 *
 * @throws ApiProblem `workflow.notFound`
 */
export async function existingVersion(
  ctx: Context,
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<PublishedVersion & { readonly archivedAt: string | null }> {
  const found = await findVersion(tx, input);
  if (found === null) throw notFound(input);
  const version = await loadVersion(ctx, tx, { name: input.name, version: found.version });
  return { ...version, archivedAt: found.archivedAt };
}

/**
 * A version of a workflow that callers may start.
 *
 * @throws ApiProblem `workflow.notFound`, `workflow.archived`
 */
export async function startableVersion(
  ctx: Context,
  tx: Tenant,
  input: { name: string; version?: number },
): Promise<PublishedVersion> {
  const found = await existingVersion(ctx, tx, input);
  if (found.archivedAt !== null) throw archived(input.name);
  return found;
}

/** @throws ApiProblem `workflow.archived`; what is deleted is not archived */
export async function requireNotArchived(tx: Tenant, input: { name: string }): Promise<void> {
  const head = await findWorkflow(tx, input);
  if (head !== null && head.archivedAt !== null) throw archived(input.name);
}

/** The workflow is out of the way: nobody starts, writes or publishes it. */
export const archived = (name: string): ApiProblem =>
  new ApiProblem(
    'workflow.archived',
    `The workflow "${name}" is archived. PATCH /api/workflows/${name} with {"archived": false} brings it back.`,
  );

export function notFound({ name, version }: { name: string; version?: number }): ApiProblem {
  const what =
    version === undefined ? `no published workflow "${name}"` : `no version ${version} of a workflow "${name}"`;
  return new ApiProblem('workflow.notFound', `There is ${what} here. GET /api/workflows lists them.`);
}

/** There is no such workflow, published or not. */
export const noWorkflow = (name: string): ApiProblem =>
  new ApiProblem('workflow.notFound', `There is no workflow "${name}" here. GET /api/workflows lists them.`);

import { discardGroup, showGroup } from '../../db/index.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** A group of firings by its workflow and id. */
interface Named {
  readonly name: string;
  readonly group: string;
}

/** What a group holds. @throws ApiProblem `held.notFound` */
export async function getGroup(ctx: Context, { name, group: id }: Named) {
  const found = await ctx.tenant((tx) => showGroup(tx, { workflow: name, id }));
  if (!found) throw noGroup(name, id);
  const { runId, newest, ...shown } = found;
  return {
    ...shown,
    run: runId === null ? null : { id: runId, url: `${ctx.publicUrl}/api/runs/${runId}` },
    newest,
  };
}

/** Discards what a group holds, so that no run begins for it. @throws ApiProblem `held.notFound`, `held.over` */
export async function discard(ctx: Context, { name, group: id }: Named): Promise<{ discarded: number }> {
  const discarded = await ctx.tenant((tx) => discardGroup(tx, { workflow: name, id }));
  if (discarded !== null) return { discarded };
  const { outcome } = await getGroup(ctx, { name, group: id });
  throw new ApiProblem('held.over', `These events are not held any more: ${WHAT_CAME[outcome ?? ''] ?? outcome}.`);
}

const WHAT_CAME: Readonly<Record<string, string>> = {
  started: 'their run has begun',
  declined: 'their run had nothing to do',
  discarded: 'they were discarded',
};

const noGroup = (name: string, id: string): ApiProblem =>
  new ApiProblem(
    'held.notFound',
    `No events of "${name}" are held as ${id}. GET /api/workflows/${name}/queue lists them.`,
  );

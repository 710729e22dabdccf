import { findWorkflow } from '../../db/index.ts';
import { diffGraphs, diffLines, diffMermaid, type Graph } from '../../graph/index.ts';
import type { Context } from '../context.ts';
import type { Reply } from '../http/route.ts';
import { graphOfSide, type Side } from './sides.ts';

/** How a difference is shown. */
export type DiffFormat = 'json' | 'text' | 'mermaid';

/**
 * What differs between two states of a workflow. Compared with what is published of a workflow of which nothing is,
 * everything was added.
 *
 * @throws ApiProblem `workflow.notFound`, `draft.notFound`, `graph.invalid`
 */
export async function diffVersions(
  ctx: Context,
  input: { name: string; from?: Side | undefined; to?: Side | undefined; format?: DiffFormat | undefined },
): Promise<Reply> {
  const { name, from = 'published', to = 'draft', format = 'json' } = input;
  const after = await graphOfSide(ctx, name, to);
  const before = (await isNothing(ctx, name, from)) ? NOTHING(name) : await graphOfSide(ctx, name, from);
  if (format === 'mermaid') return { status: 200, text: diffMermaid(before, after), type: 'text/vnd.mermaid' };
  const found = diffGraphs(before, after);
  if (format === 'json') return { status: 200, body: { name, from, to, ...found } };
  const text = diffLines(found)
    .map(({ mark, text: line }) => `${mark} ${line}\n`)
    .join('');
  return { status: 200, text, type: 'text/plain' };
}

const NOTHING = (name: string): Graph => ({ blok: 1, name, nodes: {} });

/** Whether a side is what is published of a workflow that was never published. */
async function isNothing(ctx: Context, name: string, side: Side): Promise<boolean> {
  if (side !== 'published') return false;
  return (await ctx.tenant((tx) => findWorkflow(tx, { name })))?.version === null;
}

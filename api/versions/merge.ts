import { listConnections } from '../../db/index.ts';
import { mergeTexts, writeYaml } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';
import { requireDraft } from '../drafts/view.ts';
import { ApiProblem } from '../http/problem.ts';
import { textOfSide } from './sides.ts';

/** One side of a merge: the number of a version, a graph as an object, or the text of one. */
type MergeSide = number | Json;

/**
 * Merges what two people made of a workflow: `mine`, and `theirs` (the draft, if not given), both from `base` (the version
 * that the draft began from, if not given). Stores nothing. Where they conflict, `text` has markers, and `graph` says what
 * `mine` says.
 *
 * @throws ApiProblem `graph.invalid` for a side that is no graph; `draft.notFound`, `workflow.notFound`
 */
export async function mergeVersions(
  ctx: Context,
  { name, base, mine, theirs }: { name: string; base?: MergeSide; mine: MergeSide; theirs?: MergeSide },
) {
  const draft = base === undefined || theirs === undefined ? (await requireDraft(ctx, name)).stored : null;
  const from = base === undefined ? (draft?.base ?? '') : base;
  const texts = {
    base: await textOf(ctx, name, from),
    ours: await textOf(ctx, name, mine),
    theirs: theirs === undefined ? draft!.text : await textOf(ctx, name, theirs),
  };
  const connections = new Map((await ctx.tenant(listConnections)).map(({ name: each, type }) => [each, { type }]));
  const context = { catalogue: ctx.catalogue, connections };
  const merged = mergeTexts(texts, { context, names: { ours: 'mine', theirs: 'theirs' } });
  if ('side' in merged) {
    const side = merged.side === 'ours' ? 'mine' : merged.side;
    throw new ApiProblem('graph.invalid', `\`${side}\` is no graph, so nothing can be merged.`, {
      problems: merged.problems,
    });
  }
  const { text, graph, problems } = merged;
  const conflicts = merged.conflicts.map(({ ours, ...conflict }) => ({
    ...conflict,
    ...(ours !== undefined && { mine: ours }),
  }));
  return { clean: conflicts.length === 0, conflicts, problems, text, graph };
}

async function textOf(ctx: Context, name: string, side: MergeSide): Promise<string> {
  if (typeof side === 'number') return textOfSide(ctx, name, side);
  return typeof side === 'string' ? side : writeYaml(side);
}

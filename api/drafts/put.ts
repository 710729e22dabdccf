import { rewriteText, writeYaml } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import type { Preconditions } from '../http/preconditions.ts';
import { type Before, requireSize, saveDraft } from './save.ts';

/**
 * Stores a draft. A text is kept as it is, whatever it says. A graph that is sent as an object changes the text that is
 * there, so that its comments survive.
 */
export function putDraft(
  ctx: Context,
  input: Preconditions & { name: string; graph: Json; base?: number | null | undefined; principal: Principal },
) {
  const { graph, ...rest } = input;
  const textOf = ({ current }: Before): string => {
    if (typeof graph === 'string') return graph;
    // To write a graph as a text, and to find what changed, takes longer than to count its bytes.
    requireSize(JSON.stringify(graph));
    return current === null ? writeYaml(graph) : rewriteText(current.text, graph);
  };
  return saveDraft(ctx, { ...rest, textOf, repeatable: true });
}

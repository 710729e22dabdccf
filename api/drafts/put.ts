import { rewriteText, writeYaml } from '../../graph/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import type { Preconditions } from '../http/preconditions.ts';
import { saveDraft } from './save.ts';

/**
 * Stores a draft. A text is kept as it is, whatever it says. A graph that is sent as an object changes the text that is
 * there, so that its comments survive.
 */
export function putDraft(
  ctx: Context,
  input: Preconditions & { name: string; graph: Json; base?: number | null | undefined; principal: Principal },
) {
  const { graph, ...rest } = input;
  const textOf = (current: { readonly text: string } | null): string => {
    if (typeof graph === 'string') return graph;
    return current === null ? writeYaml(graph) : rewriteText(current.text, graph);
  };
  return saveDraft(ctx, { ...rest, textOf, repeatable: true });
}

import { type Parsed, parseGraph } from '../document/parse.ts';
import { type Command, edit } from '../edit/index.ts';
import type { Json } from '../json.ts';
import { rewriteText } from './rewrite.ts';

/** A text after a command; or the unchanged text, and the problems that kept the command from being applied. */
export interface EditedText {
  readonly text: string;
  readonly problems?: Parsed['problems'];
}

/**
 * Applies one command to the text of a graph, so that its comments survive: the text says what `edit` makes of the graph.
 *
 * @example editText(text, { do: 'renameNode', id: 'a', to: 'fetchOrders' }).text
 */
export function editText(text: string, command: Command): EditedText {
  const parsed = parseGraph(text);
  if (parsed.graph === null) return { text, problems: parsed.problems };
  const { graph, problems } = edit(parsed.graph, command);
  return problems === undefined ? { text: rewriteText(text, graph as unknown as Json) } : { text, problems };
}

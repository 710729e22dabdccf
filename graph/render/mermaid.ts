import { parseNeed } from '../document/links.ts';
import type { Graph, GraphNode } from '../document/types.ts';
import { own } from '../pointer.ts';
import { topologicalOrder } from '../structure/order.ts';

/**
 * Draws a graph as a Mermaid flowchart: containers are subgraphs, links carry their port, triggers are rounded.
 * Ids and labels are escaped, so that every text of the document is shown as it is and never becomes syntax.
 *
 * @example toMermaid(graph) // 'flowchart TD\n  n_price["price<br>solana.price"]\n…'
 */
export function toMermaid(graph: Graph): string {
  const lines = ['flowchart TD'];
  const triggers = graph.triggers ?? {};
  for (const [id, trigger] of Object.entries(triggers)) lines.push(`  t_${word(id)}${shape('([', '])', id, trigger)}`);
  drawBody(lines, graph.nodes, 'n_', '  ', triggers);
  return `${lines.join('\n')}\n`;
}

type Named = { readonly uses: string; readonly label?: string };

function drawBody(
  lines: string[],
  nodes: Record<string, GraphNode>,
  prefix: string,
  indent: string,
  triggers: object = {},
): void {
  const order = topologicalOrder({ nodes });
  for (const id of order) drawNode(lines, id, nodes[id]!, prefix, indent);
  for (const id of order) {
    for (const text of nodes[id]?.needs ?? []) {
      const need = parseNeed(text);
      if (need === null) continue;
      const inBody = own(nodes, need.source) !== undefined;
      if (!inBody && !Object.hasOwn(triggers, need.source)) continue;
      const source = inBody ? `${prefix}${word(need.source)}` : `t_${word(need.source)}`;
      const port = need.port === 'out' ? '' : `|${quote(need.port)}|`;
      lines.push(`${indent}${source} -->${port} ${prefix}${word(id)}`);
    }
  }
}

function drawNode(lines: string[], id: string, node: GraphNode, prefix: string, indent: string): void {
  const name = `${prefix}${word(id)}`;
  const bodies = [
    ['', node.nodes],
    ['catch', node.catch?.nodes],
    ['finally', node.finally?.nodes],
  ] as const;
  if (bodies.every(([, body]) => body === undefined)) {
    const choosing = node.uses === 'if' || node.uses === 'switch';
    lines.push(`${indent}${name}${choosing ? shape('{', '}', id, node) : shape('[', ']', id, node)}`);
    return;
  }
  lines.push(`${indent}subgraph ${name}[${caption(id, node)}]`);
  for (const [part, body] of bodies) {
    if (body === undefined) continue;
    if (part === '') drawBody(lines, body, `${name}.`, `${indent}  `);
    else {
      lines.push(`${indent}  subgraph ${name}.${part}[${quote(part)}]`);
      drawBody(lines, body, `${name}.${part}.`, `${indent}    `);
      lines.push(`${indent}  end`);
    }
  }
  lines.push(`${indent}end`);
}

/** An id as a Mermaid word. Graphs with problems are drawn, too, and their ids may be any text. */
const word = (id: string): string =>
  id.replace(/[^A-Za-z0-9_]/gu, (letter) => `_x${letter.codePointAt(0)!.toString(16)}_`);

const shape = (open: string, close: string, id: string, node: Named): string => `${open}${caption(id, node)}${close}`;

/** The label or id, and below it the type. */
const caption = (id: string, { label, uses }: Named): string => `"${escapeText(label ?? id)}<br>${escapeText(uses)}"`;

const quote = (text: string): string => `"${escapeText(text)}"`;

/** Mermaid reads HTML entities, written with `#`, in quoted texts. */
function escapeText(text: string): string {
  return text
    .replace(/[#&<>"'`\\{}[\]()|;%~*_$]/g, (letter) => `#${letter.charCodeAt(0)};`)
    .replace(/\s+/g, ' ')
    .trim();
}

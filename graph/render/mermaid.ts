import { formatNeed, parseNeed } from '../document/links.ts';
import type { Graph, GraphNode } from '../document/types.ts';
import { escapeSegment, own } from '../pointer.ts';
import { topologicalOrder } from '../structure/order.ts';

/** What a drawing shows beyond the graph itself. Nodes and triggers are named by their JSON Pointers. */
export interface Marks {
  /** The class of a node or trigger, if it has one. */
  readonly classOf: (path: string) => string | undefined;
  /** How the link into a node is drawn: thick or dotted, else as usual. */
  readonly linkOf: (path: string, need: string) => 'thick' | 'dotted' | undefined;
  /** The style of each class, as Mermaid writes it. */
  readonly styles: Readonly<Record<string, string>>;
}

const ARROWS = { thick: '==>', dotted: '-.->' } as const;

/**
 * Draws a graph as a Mermaid flowchart: containers are subgraphs, links carry their port, triggers are rounded.
 * Ids and labels are escaped, so that every text of the document is shown as it is and never becomes syntax.
 *
 * @example toMermaid(graph) // 'flowchart TD\n  n_price["price<br>solana.price"]\n…'
 */
export function toMermaid(graph: Graph, marks?: Marks): string {
  const drawing: Drawing = { lines: ['flowchart TD'], marks, classes: new Map() };
  const triggers = graph.triggers ?? {};
  for (const [id, trigger] of Object.entries(triggers)) {
    drawing.lines.push(`  t_${word(id)}${shape('([', '])', id, trigger)}`);
    mark(drawing, `/triggers/${escapeSegment(id)}`, `t_${word(id)}`);
  }
  drawBody(drawing, graph.nodes, { prefix: 'n_', indent: '  ', path: '' }, triggers);
  for (const [name, words] of drawing.classes) {
    drawing.lines.push(`  classDef ${name} ${marks?.styles[name] ?? ''}`, `  class ${words.join(',')} ${name}`);
  }
  return `${drawing.lines.join('\n')}\n`;
}

type Named = { readonly uses: string; readonly label?: string };

interface Drawing {
  readonly lines: string[];
  readonly marks: Marks | undefined;
  /** The words that have each class. */
  readonly classes: Map<string, string[]>;
}

/** Where a body is drawn, and where it is in the graph. */
interface Place {
  readonly prefix: string;
  readonly indent: string;
  readonly path: string;
}

function mark({ marks, classes }: Drawing, path: string, name: string): void {
  const found = marks?.classOf(path);
  if (found !== undefined) classes.set(found, [...(classes.get(found) ?? []), name]);
}

function drawBody(drawing: Drawing, nodes: Record<string, GraphNode>, place: Place, triggers: object = {}): void {
  const order = topologicalOrder({ nodes });
  for (const id of order) drawNode(drawing, id, nodes[id]!, place);
  for (const id of order) {
    for (const text of nodes[id]?.needs ?? []) {
      const need = parseNeed(text);
      if (need === null) continue;
      const inBody = own(nodes, need.source) !== undefined;
      if (!inBody && !Object.hasOwn(triggers, need.source)) continue;
      const source = inBody ? `${place.prefix}${word(need.source)}` : `t_${word(need.source)}`;
      const port = need.port === 'out' ? '' : `|${quote(need.port)}|`;
      const drawn = drawing.marks?.linkOf(`${place.path}/nodes/${escapeSegment(id)}`, formatNeed(need));
      const arrow = drawn === undefined ? '-->' : ARROWS[drawn];
      drawing.lines.push(`${place.indent}${source} ${arrow}${port} ${place.prefix}${word(id)}`);
    }
  }
}

function drawNode(drawing: Drawing, id: string, node: GraphNode, { prefix, indent, path }: Place): void {
  const { lines } = drawing;
  const name = `${prefix}${word(id)}`;
  const at = `${path}/nodes/${escapeSegment(id)}`;
  mark(drawing, at, name);
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
    if (part === '') drawBody(drawing, body, { prefix: `${name}.`, indent: `${indent}  `, path: at });
    else {
      lines.push(`${indent}  subgraph ${name}.${part}[${quote(part)}]`);
      const inner = { prefix: `${name}.${part}.`, indent: `${indent}    `, path: `${at}/${part}` };
      drawBody(drawing, body, inner);
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

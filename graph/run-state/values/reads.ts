import type { Template } from '../../expression/types.ts';
import type { PlanBody, PlanNode } from '../../plan/types.ts';

/** Root names a template reads; for `nodes`, `errors` and `loops` also the ids ('*' if the ids depend on data). */
export interface TemplateReads {
  readonly roots: readonly string[];
  readonly ids: Readonly<Record<string, readonly string[] | '*'>>;
}

const BY_ID: ReadonlySet<string> = new Set(['nodes', 'errors', 'loops']);
const ofTemplates = new WeakMap<Template, TemplateReads>();
const ofNodes = new WeakMap<PlanNode, TemplateReads>();

/** What a template reads, from its syntax trees. */
export function readsOfTemplate(template: Template): TemplateReads {
  return remembered(ofTemplates, template, (reader) => readTemplate(reader, template));
}

/** What a node reads, including all bodies in it. */
export function readsOfNode(node: PlanNode): TemplateReads {
  return remembered(ofNodes, node, (reader) => readNode(reader, node));
}

interface Reader {
  readonly roots: Set<string>;
  readonly ids: Map<string, Set<string> | '*'>;
}

function remembered<Key extends object>(
  cache: WeakMap<Key, TemplateReads>,
  key: Key,
  fill: (reader: Reader) => void,
): TemplateReads {
  const known = cache.get(key);
  if (known) return known;
  const reader: Reader = { roots: new Set(), ids: new Map() };
  fill(reader);
  const ids = Object.fromEntries([...reader.ids].map(([root, found]) => [root, found === '*' ? found : [...found]]));
  const reads = { roots: [...reader.roots], ids };
  cache.set(key, reads);
  return reads;
}

function readNode(reader: Reader, node: PlanNode): void {
  for (const template of [node.if, node.with, node.compensate?.with, node.notify?.with, node.catch?.if])
    if (template) readTemplate(reader, template);
  for (const body of [node.body, node.catch, node.finally]) if (body) readBody(reader, body);
}

function readBody(reader: Reader, body: PlanBody): void {
  if (body.output) readTemplate(reader, body.output);
  for (const node of body.nodes) readNode(reader, node);
}

function readTemplate(reader: Reader, template: Template): void {
  switch (template[0]) {
    case 'e':
      readAst(reader, template[1]);
      break;
    case 't':
      for (const part of template[1]) if (typeof part !== 'string') readAst(reader, part[1]);
      break;
    case 'l':
      for (const entry of template[1]) readTemplate(reader, entry);
      break;
    case 'o':
      for (const [, entry] of template[1]) readTemplate(reader, entry);
      break;
  }
}

/** `['.', at, root, segment, …]` is a chain from a root name. */
function readAst(reader: Reader, node: unknown): void {
  if (!Array.isArray(node)) return;
  if (node[0] === '.' && typeof node[2] === 'string') {
    reader.roots.add(node[2]);
    if (BY_ID.has(node[2])) addId(reader.ids, node[2], idOf(node[3]));
  }
  for (const child of node) readAst(reader, child);
}

/** The id that a chain's first segment names: `'x'` or `['?', 'x']`; null if the id depends on data. */
function idOf(segment: unknown): string | null {
  if (typeof segment === 'string') return segment;
  return Array.isArray(segment) && segment[0] === '?' && typeof segment[1] === 'string' ? segment[1] : null;
}

function addId(ids: Reader['ids'], root: string, id: string | null): void {
  const known = ids.get(root);
  if (id === null || known === '*') ids.set(root, '*');
  else if (known) known.add(id);
  else ids.set(root, new Set([id]));
}

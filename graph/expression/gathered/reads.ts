import type { Reads, Unguarded } from '../types.ts';

/** One `nodes.<id>`, `errors.<id>`, `loops.<id>` or `vars.<name>` in a source: only the id, without quotes. */
export interface LocatedReference {
  readonly kind: 'nodes' | 'errors' | 'loops' | 'vars';
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** The member that is read, if the source names it: `item` in `loops.each.item`. */
  readonly member?: string;
}

/** What the parser gathers; offsets are within the source given to the parser. */
export interface Gathered {
  readonly roots: Set<string>;
  readonly nodes: Map<string, Set<string>>;
  readonly unguarded: Unguarded[];
  readonly references: LocatedReference[];
}

export const gather = (): Gathered => ({ roots: new Set(), nodes: new Map(), unguarded: [], references: [] });

/** Lists the ids of one kind, each once, in order of first use. */
const idsOf = (gathered: Gathered, kind: LocatedReference['kind']): string[] => [
  ...new Set(gathered.references.filter((reference) => reference.kind === kind).map((reference) => reference.id)),
];

/** The finished summary. */
export function toReads(gathered: Gathered): Reads {
  // Object.fromEntries defines properties, so that no id can touch a prototype.
  return {
    roots: [...gathered.roots],
    nodes: Object.fromEntries([...gathered.nodes].map(([id, pointers]) => [id, [...pointers]])),
    unguarded: gathered.unguarded,
    errors: idsOf(gathered, 'errors'),
    vars: idsOf(gathered, 'vars'),
    loops: idsOf(gathered, 'loops'),
  };
}

/** Adds the reads of another expression, which stands `offset` characters into the text. */
export function addGathered(into: Gathered, more: Gathered, offset: number): void {
  for (const root of more.roots) into.roots.add(root);
  for (const [id, pointers] of more.nodes) {
    const known = into.nodes.get(id) ?? new Set();
    for (const pointer of pointers) known.add(pointer);
    into.nodes.set(id, known);
  }
  for (const read of more.unguarded) into.unguarded.push({ ...read, position: read.position + offset });
  for (const reference of more.references) {
    into.references.push({ ...reference, start: reference.start + offset, end: reference.end + offset });
  }
}

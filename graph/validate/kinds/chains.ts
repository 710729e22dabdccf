import type { Template } from '../../expression/types.ts';

/** A chain of names an expression reads: `input.order.id`. It ends where a member is computed or a method is called. */
export interface Chain {
  readonly root: string;
  readonly path: readonly string[];
}

type Visit = (node: readonly unknown[]) => void;

/** The syntax trees of a compiled value. */
export function treesOf(template: Template): (readonly unknown[])[] {
  switch (template[0]) {
    case 'v':
      return [];
    case 'e':
      return [template[1]];
    case 't':
      return template[1].flatMap((piece) => (typeof piece === 'string' ? [] : [piece[1]]));
    case 'l':
      return template[1].flatMap(treesOf);
    case 'o':
      return template[1].flatMap(([, field]) => treesOf(field));
  }
}

/** Visits every part of a syntax tree, including arrays that are not nodes: these do not begin with a kind of node. */
export function walkTree(tree: readonly unknown[], visit: Visit): void {
  visit(tree);
  for (const child of tree) if (Array.isArray(child)) walkTree(child, visit);
}

/** The chains that begin with a name of the scope. */
export function chainsOf(template: Template): Chain[] {
  const chains: Chain[] = [];
  for (const tree of treesOf(template)) {
    walkTree(tree, (node) => {
      if (node[0] === '.' && typeof node[2] === 'string') chains.push({ root: node[2], path: namesOf(node) });
    });
  }
  return chains;
}

/** The names a chain begins with, up to the first computed member or call. */
export function namesOf(chain: readonly unknown[]): string[] {
  const names: string[] = [];
  for (const segment of chain.slice(3)) {
    const name = Array.isArray(segment) ? (segment[0] === '?' ? segment[1] : undefined) : segment;
    if (typeof name !== 'string' && typeof name !== 'number') break;
    names.push(String(name));
  }
  return names;
}

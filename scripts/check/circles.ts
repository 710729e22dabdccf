/**
 * No circles: at every level of the tree, the files and folders of one folder import each other in one direction only.
 * A circle inside a room turns its files into one file that cannot be read in any order; a circle between rooms turns
 * the rooms into one. Imports of types count, because a reader follows those, too.
 */
import { importsOf } from './imports.ts';
import { isTestCode, type Sources, target, type Violation } from './law.ts';

/** An import between two files of the project. */
type Edge = readonly [from: string, to: string];

/** Finds every circle, each reported once, at the level where its members are side by side. */
export function checkCircles(sources: Sources): Violation[] {
  const edges = edgesOf(sources);
  return foldersOf(edges).flatMap((folder) =>
    circles(neighbours(folder, edges)).map((members) => ({
      file: folder || '.',
      message: `${members.join(' and ')} import each other: ${examplesOf(folder, members, edges)}`,
    })),
  );
}

function edgesOf(sources: Sources): Edge[] {
  const edges: Edge[] = [];
  for (const [file, text] of sources) {
    if (!/\.(ts|tsx|mjs)$/.test(file) || isTestCode(file)) continue;
    for (const specifier of importsOf(text)) {
      const to = target(file, specifier);
      if (specifier.startsWith('.') && to !== file && sources.has(to) && !isTestCode(to)) edges.push([file, to]);
    }
  }
  return edges;
}

/** Paths of all folders, each with a `/` at its end; the root is empty. */
function foldersOf(edges: readonly Edge[]): string[] {
  const folders = new Set(['']);
  for (const file of edges.flat()) {
    for (let end = file.lastIndexOf('/'); end >= 0; end = file.lastIndexOf('/', end - 1)) {
      folders.add(file.slice(0, end + 1));
    }
  }
  return [...folders].sort();
}

/** Which entry of a folder imports which other entry. */
function neighbours(folder: string, edges: readonly Edge[]): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    const [a, b] = [entryOf(folder, from), entryOf(folder, to)];
    if (a === undefined || b === undefined || a === b) continue;
    if (!graph.has(a)) graph.set(a, new Set());
    graph.get(a)!.add(b);
  }
  return graph;
}

/** The file or folder directly in `folder` that a path leads through; undefined if the path is elsewhere. */
function entryOf(folder: string, path: string): string | undefined {
  if (!path.startsWith(folder)) return undefined;
  const rest = path.slice(folder.length);
  const end = rest.indexOf('/');
  return end < 0 ? rest : rest.slice(0, end + 1);
}

/** Strongly connected components of more than one member, by Tarjan's algorithm. */
function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (entry: string) => {
    order.set(entry, order.size);
    lowest.set(entry, order.get(entry)!);
    open.push(entry);
    for (const next of graph.get(entry) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) lowest.set(entry, Math.min(lowest.get(entry)!, lowest.get(next)!));
    }
    if (lowest.get(entry) !== order.get(entry)) return;
    const members = open.splice(open.indexOf(entry));
    if (members.length > 1) found.push(members.sort());
  };
  for (const entry of graph.keys()) if (!order.has(entry)) visit(entry);
  return found;
}

function examplesOf(folder: string, members: readonly string[], edges: readonly Edge[]): string {
  const seen = new Map<string, string>();
  for (const [from, to] of edges) {
    const [a, b] = [entryOf(folder, from), entryOf(folder, to)];
    if (a === b || !members.includes(a!) || !members.includes(b!)) continue;
    seen.set(`${a} ${b}`, `${from.slice(folder.length)} → ${to.slice(folder.length)}`);
  }
  return [...seen.values()].join(', ');
}

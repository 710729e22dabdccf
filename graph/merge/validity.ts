import type { Graph } from '../document/types.ts';
import type { ValidationContext } from '../node-types/context.ts';
import { blocking, type Problem } from '../problems/problem.ts';
import { validate } from '../validate/validate.ts';
import type { Side } from './types.ts';
import { pathOf, placesOf, type Work } from './work.ts';

/** The errors of a merged graph: those that only it has, and those that one of the sides has, too. */
export function newErrors(
  work: Work,
  graph: Graph,
  context: ValidationContext,
): { readonly added: readonly Problem[]; readonly known: readonly Problem[] } {
  const errors = blocking(validate(graph, context));
  if (errors.length === 0) return { added: [], known: [] };
  const before = new Set<string>();
  for (const side of ['ours', 'theirs'] as const) {
    const toMerged = pathsOf(work, side);
    for (const problem of blocking(validate(work.graphs[side], context))) {
      before.add(identityOf({ ...problem, path: toMerged(problem.path) }));
    }
  }
  return {
    added: errors.filter((problem) => !before.has(identityOf(problem))),
    known: errors.filter((problem) => before.has(identityOf(problem))),
  };
}

/**
 * What makes two problems the same: neither the index of a link, because links have no order, nor a suggestion, because
 * it depends on everything else that is there.
 */
const identityOf = ({ code, path, message }: Problem): string =>
  `${code} ${path.replace(/\/needs\/\d+$/, '/needs')} ${message.replace(/ Did you mean .*$/, '')}`;

/** Translates paths of a side's graph into paths of the merged graph. */
function pathsOf({ growing }: Work, side: Side): (path: string) => string {
  const places = placesOf(growing);
  const merged = new Map<string, string>();
  for (const { identity, place, fate } of growing.values()) {
    const entry = identity.entries[side];
    if (entry !== undefined && fate === 'alive') merged.set(entry.path, pathOf(places, { id: identity.id, ...place }));
  }
  return (path) => {
    for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
      const now = merged.get(at);
      if (now !== undefined) return now + path.slice(at.length);
    }
    return path;
  };
}

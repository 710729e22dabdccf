import { takeApart } from '../diff/entries.ts';
import type { ValidationContext } from '../node-types/context.ts';
import { compareIds } from '../structure/order.ts';
import { identify } from './identities.ts';
import { contestsOf, decide } from './survivors.ts';
import type { Conflict, Merged, Side } from './types.ts';
import { newErrors } from './validity.ts';
import { assemble, beginWork, contested, type Graphs } from './work.ts';

/**
 * Merges what two sides made of one graph. A change of one side is in the result; where both sides changed the same
 * thing, each in its own way, there is a conflict, and the favoured side's version stands meanwhile. Renamed and moved
 * nodes are followed. With a context, the result is validated: an error that neither side has is a conflict, too.
 *
 * @example mergeGraphs({ base, ours, theirs }, { context: { catalogue } }).conflicts // []
 */
export function mergeGraphs(
  graphs: Graphs,
  options: { readonly favour?: Side; readonly context?: ValidationContext } = {},
): Merged {
  const favour = options.favour ?? 'ours';
  const parts = { base: takeApart(graphs.base), ours: takeApart(graphs.ours), theirs: takeApart(graphs.theirs) };
  const work = beginWork({ graphs, parts, identities: identify(parts, favour), favour });
  const contests = contestsOf(work.growing);
  const conflicts = [...work.conflicts, ...contests.map((contest) => contested(work, contest))].sort(byPath);
  decide(work.growing, contests, (identity) => work.versionsOf(identity)[favour], favour);
  const graph = assemble(work);
  if (options.context === undefined) return { graph, conflicts, problems: [] };
  const { added, known } = newErrors(work, graph, options.context);
  const invalid = added.map((problem): Conflict => ({ kind: 'invalid', path: problem.path, problem }));
  return { graph, conflicts: [...conflicts, ...invalid.sort(byPath)], problems: known };
}

const byPath = (a: Conflict, b: Conflict): number =>
  compareIds(a.path, b.path) || compareIds(a.kind, b.kind) || compareIds(messageOf(a), messageOf(b));

const messageOf = ({ problem }: Conflict): string => `${problem?.code} ${problem?.message}`;

import type { Loss } from '../document/draft.ts';
import { toPointer } from '../pointer.ts';
import type { Problem } from '../problems/problem.ts';

/** Problems that can only be reported if all links of the body are known. */
const OF_LINKS = new Set(['not-upstream', 'may-be-null', 'not-in-scope', 'join-unclear', 'never-runs', 'unreachable']);

/**
 * Problems that a check would report only because a field was left out, by the role of that field: its nodes, links or
 * variables are unknown, so nobody knows what needs or reads them.
 */
const UNKNOWN_WITHOUT: Readonly<Record<string, ReadonlySet<string>>> = {
  nodes: new Set(['dangling-link', 'unknown-node', 'not-visible', 'not-upstream', 'bad-race']),
  triggers: new Set(['dangling-link', 'unknown-node', 'respond-unheard']),
  vars: new Set(['unknown-var']),
  input: new Set(['undeclared-input']),
  node: OF_LINKS,
  needs: OF_LINKS,
  link: OF_LINKS,
  join: new Set(['may-be-null', 'never-runs', 'unreachable']),
  uses: new Set(['not-in-scope', 'unknown-loop']),
};

/**
 * Leaves out problems that are mere consequences of lost fields (`losses`), which have been reported themselves:
 * problems of a lost field, and problems that its absence causes within the body it belongs to.
 */
export function withoutFollowUps(problems: readonly Problem[], losses: readonly Loss[]): Problem[] {
  const blind = losses.map((loss) => ({
    path: toPointer(loss.path),
    body: bodyPath(loss),
    codes: UNKNOWN_WITHOUT[loss.role],
  }));
  return problems.filter(
    (problem) =>
      !(losses.length > 0 && problem.code === 'unread-node') &&
      !blind.some(
        ({ path, body, codes }) =>
          isWithin(problem.path, path) || (codes?.has(problem.code) === true && isWithin(problem.path, body)),
      ),
  );
}

/** Path of the part that a lost field belongs to: its node, or, for links, the body of the node. */
function bodyPath({ path, role }: Loss): string {
  if (role === 'nodes' || role === 'uses') return toPointer(path.slice(0, -1));
  const nodes = path.lastIndexOf('nodes', path.length - 2);
  return nodes < 0 ? '' : toPointer(path.slice(0, nodes));
}

/** Whether a JSON Pointer names the value at `around`, or a part of it. */
export const isWithin = (path: string, around: string): boolean => path === around || path.startsWith(`${around}/`);

import type { Graph } from '../document/types.ts';
import type { Json } from '../json.ts';
import type { Problem } from '../problems/problem.ts';

/** Which of the two sides. */
export type Side = 'ours' | 'theirs';

/**
 * Something that both sides changed, each in its own way. `base`, `ours` and `theirs` are what each says; one that is
 * absent says nothing there.
 */
export interface Conflict {
  /**
   * `changed`: a field. `added`: the same id or field, added twice. `deleted`: one side deletes what the other changes.
   * `renamed`, `moved`: a node, to two ids or into two bodies. `order`: of cases. `invalid`: each side is valid by
   * itself, but both together are not.
   */
  readonly kind: 'changed' | 'added' | 'deleted' | 'renamed' | 'moved' | 'order' | 'invalid';
  /** JSON Pointer in the merged graph, or where it would be. */
  readonly path: string;
  readonly base?: Json;
  readonly ours?: Json;
  readonly theirs?: Json;
  /** What is wrong with the merged graph, if it is `invalid`. */
  readonly problem?: Problem;
}

/** What a merge came to. */
export interface Merged {
  /** All that could be merged; where there is a conflict, what the favoured side says. */
  readonly graph: Graph;
  /** Empty: the merge is clean. */
  readonly conflicts: readonly Conflict[];
  /** Errors of the merged graph that one of the sides has, too. */
  readonly problems: readonly Problem[];
}

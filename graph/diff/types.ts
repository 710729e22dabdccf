import type { Json } from '../json.ts';

/** One difference. Paths are JSON Pointers. */
export interface Change {
  /** What differs: a node or trigger as a whole, a link of a node, or a field. */
  readonly what: 'node' | 'trigger' | 'link' | 'field';
  readonly change: 'added' | 'removed' | 'changed' | 'renamed' | 'moved';
  /** Where it is in the second graph; of something removed, where it was in the first. */
  readonly path: string;
  /** Where a renamed or moved node or trigger was in the first graph. */
  readonly was?: string;
  /** The node, trigger or graph ('') that it belongs to, and is itself if `what` is a node or trigger; paths as above. */
  readonly of: string;
  /** The link: `id` or `id.port`. */
  readonly link?: string;
  /** What the first graph says; absent if nothing. Of a container, its nodes are left out: they have their own changes. */
  readonly before?: Json;
  /** What the second graph says; absent if nothing. */
  readonly after?: Json;
}

/** All differences between two graphs. The shape is stable; `diff` is its version. */
export interface GraphDiff {
  readonly diff: 1;
  /** What changes how the graph runs or reads. */
  readonly changes: readonly Change[];
  /** What only changes how it is drawn. */
  readonly layout: readonly Change[];
}

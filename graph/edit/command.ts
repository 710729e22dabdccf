import type { GraphNode } from '../document/types.ts';
import type { Json } from '../json.ts';

/**
 * One change of a graph. `body` is the JSON Pointer of the object that holds the `nodes`: '' (the graph, and the
 * default), `/nodes/each`, `/nodes/load/catch`.
 */
export type Command =
  | { readonly do: 'addNode'; readonly body?: string; readonly id: string; readonly node: GraphNode }
  /** Removes a node and the links from it; expressions that read it are left for the author to fix. */
  | { readonly do: 'removeNode'; readonly body?: string; readonly id: string }
  /** Renames the id of a node, in links and in every expression that refers to it. */
  | { readonly do: 'renameNode'; readonly body?: string; readonly id: string; readonly to: string }
  /** Links `from` (`id` or `id.port`) to the node `to`. */
  | { readonly do: 'link'; readonly body?: string; readonly from: string; readonly to: string }
  | { readonly do: 'unlink'; readonly body?: string; readonly from: string; readonly to: string }
  /** Sets any value of the document by its JSON Pointer; without `value`, removes it. */
  | { readonly do: 'setParameter'; readonly path: string; readonly value?: Json }
  /** Moves nodes of one body into a new container, and adapts the links and references that cross its border. */
  | {
      readonly do: 'wrapNodes';
      readonly body?: string;
      readonly ids: readonly string[];
      readonly id: string;
      /** The container without its nodes: `{ uses: 'try', finally: … }`. */
      readonly container: Omit<GraphNode, 'nodes'>;
    };

import type { GraphNode, TriggerNode } from '../document/types.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Lane } from './lanes.ts';

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
    }
  /** Puts the nodes of a container in its place: the inverse of `wrapNodes`. */
  | { readonly do: 'unwrap'; readonly body?: string; readonly id: string }
  /** Adds nodes as a paste does: ids that are taken get a number, in links and expressions among them, too. */
  | { readonly do: 'addNodes'; readonly body?: string; readonly nodes: Readonly<Record<string, GraphNode>> }
  /** Moves nodes into the body `to`; links across its border are left out. */
  | { readonly do: 'moveNodes'; readonly body?: string; readonly ids: readonly string[]; readonly to: string }
  /** Gives a node another type, and `with` if given; links from a port that is gone become links from the only port. */
  | {
      readonly do: 'replaceType';
      readonly body?: string;
      readonly id: string;
      readonly uses: string;
      readonly with?: JsonObject;
    }
  /** Gives a container an empty `catch` or `finally`, or takes it away with the nodes in it. */
  | { readonly do: 'addLane' | 'removeLane'; readonly body?: string; readonly id: string; readonly lane: Lane }
  | { readonly do: 'addTrigger'; readonly id: string; readonly trigger: TriggerNode }
  /** Removes a trigger and the links from it. */
  | { readonly do: 'removeTrigger'; readonly id: string }
  | { readonly do: 'renameTrigger'; readonly id: string; readonly to: string }
  /** Several commands, one after the other; all of them or none. */
  | { readonly do: 'batch'; readonly commands: readonly Command[] };

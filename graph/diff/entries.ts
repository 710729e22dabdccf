import type { Body, Graph, GraphNode } from '../document/types.ts';
import type { Json, JsonObject } from '../json.ts';
import { escapeSegment } from '../pointer.ts';

/** Which map of its owner a node or trigger stands in. */
export type Slot = 'triggers' | 'nodes' | 'catch' | 'finally';

export const SLOTS: readonly Slot[] = ['triggers', 'nodes', 'catch', 'finally'];

/** A node or trigger taken out of its graph. */
export interface Entry {
  /** Its JSON Pointer. */
  readonly path: string;
  readonly id: string;
  /** JSON Pointer of the container it is in; '' is the graph. */
  readonly owner: string;
  readonly slot: Slot;
  /** What it says itself. Its bodies are there, but empty. */
  readonly own: JsonObject;
}

/** A graph taken apart. */
export interface Parts {
  /** What the graph says itself: its nodes and triggers are left out of their maps. */
  readonly root: JsonObject;
  /** By JSON Pointer, each after its container. */
  readonly entries: ReadonlyMap<string, Entry>;
}

/** The JSON Pointer of an entry of a slot. */
export function entryPath(owner: string, slot: Slot, id: string): string {
  const map = slot === 'nodes' || slot === 'triggers' ? slot : `${slot}/nodes`;
  return `${owner}/${map}/${escapeSegment(id)}`;
}

/** Takes a graph apart, so that a node can be found and compared wherever it stands. */
export function takeApart(graph: Graph): Parts {
  const entries = new Map<string, Entry>();
  const add = (owner: string, slot: Slot, id: string, own: JsonObject): string => {
    const path = entryPath(owner, slot, id);
    entries.set(path, { path, id, owner, slot, own });
    return path;
  };
  const addNodes = (owner: string, slot: Slot, nodes: Body['nodes']): void => {
    for (const [id, node] of Object.entries(nodes)) {
      const path = add(owner, slot, id, withoutNodes(node));
      if (node.nodes !== undefined) addNodes(path, 'nodes', node.nodes);
      if (node.catch !== undefined) addNodes(path, 'catch', node.catch.nodes);
      if (node.finally !== undefined) addNodes(path, 'finally', node.finally.nodes);
    }
  };
  for (const [id, trigger] of Object.entries(graph.triggers ?? {}))
    add('', 'triggers', id, { ...trigger } as JsonObject);
  addNodes('', 'nodes', graph.nodes);
  const emptied = { ...graph, nodes: {}, ...(graph.triggers === undefined ? {} : { triggers: {} }) };
  return { root: emptied as unknown as JsonObject, entries };
}

function withoutNodes(node: GraphNode): JsonObject {
  const emptied = {
    ...node,
    ...(node.nodes === undefined ? {} : { nodes: {} }),
    ...(node.catch === undefined ? {} : { catch: { ...node.catch, nodes: {} } }),
    ...(node.finally === undefined ? {} : { finally: { ...node.finally, nodes: {} } }),
  };
  return emptied as unknown as JsonObject;
}

/** The map of an entry, or of the graph, that a slot means; undefined if it has none. */
export function mapOf(own: JsonObject, slot: Slot): JsonObject | undefined {
  const holder = slot === 'catch' || slot === 'finally' ? (own[slot] as JsonObject | undefined) : own;
  return holder?.[slot === 'triggers' ? 'triggers' : 'nodes'] as JsonObject | undefined;
}

/** The entries of each map, by `slotKey`. */
export function bySlot(parts: Parts): ReadonlyMap<string, readonly Entry[]> {
  const found = new Map<string, Entry[]>();
  for (const entry of parts.entries.values()) {
    const key = slotKey(entry.owner, entry.slot);
    const list = found.get(key);
    if (list === undefined) found.set(key, [entry]);
    else list.push(entry);
  }
  return found;
}

/** Names one map of one owner. */
export const slotKey = (owner: string, slot: Slot): string => `${owner} ${slot}`;

/** Whether two JSON values are the same; a field that is absent equals only another absent field. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => sameJson(item, b[index]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]));
}

/**
 * Puts a graph together. Each entry goes into the map of its owner, in the order given; entries whose owner is missing,
 * or has no such map, are left out.
 */
export function putTogether(root: JsonObject, entries: Iterable<Entry>): Graph {
  const graph = withFreshMaps(root);
  const all = [...entries].map((entry) => ({ entry, copy: withFreshMaps(entry.own) }));
  const copies = new Map(all.map(({ entry, copy }) => [entry.path, copy]));
  for (const { entry, copy } of all) {
    const owner = entry.owner === '' ? graph : copies.get(entry.owner);
    const map = owner === undefined ? undefined : mapOf(owner, entry.slot);
    if (map !== undefined) map[entry.id] = copy;
  }
  return graph as unknown as Graph;
}

/** A copy whose maps of nodes can be filled. */
function withFreshMaps(own: JsonObject): JsonObject {
  const copy: JsonObject = { ...own };
  for (const slot of SLOTS) {
    if (mapOf(own, slot) === undefined) continue;
    if (slot === 'catch' || slot === 'finally') copy[slot] = { ...(own[slot] as JsonObject), nodes: {} };
    else copy[slot] = {};
  }
  return copy;
}

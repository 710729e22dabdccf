import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { canonicalJson } from './canonical.ts';
import type { Graph, GraphNode } from './types.ts';

/**
 * Identity of a graph: SHA-256 (hex) of its canonical JSON (RFC 8785), with `needs` sorted and without `position`,
 * `notes` and `meta`. Two graphs with the same hash run the same and read the same. Sandbox-safe.
 *
 * @throws TypeError if the graph holds a value that JSON cannot hold (never after `parseGraph`)
 */
export function graphHash(graph: Graph): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalJson(essence(graph)))));
}

/** The part of a graph that the hash covers. `with`, `vars` and other data keep all fields, whatever their names. */
function essence(graph: Graph): unknown {
  return {
    ...plain(graph),
    triggers: graph.triggers && mapValues(graph.triggers, plain),
    nodes: mapValues(graph.nodes, ofNode),
  };
}

function ofNode(node: GraphNode): unknown {
  return {
    ...plain(node),
    needs: node.needs && [...node.needs].sort(),
    nodes: node.nodes && mapValues(node.nodes, ofNode),
    catch: node.catch && { ...node.catch, nodes: mapValues(node.catch.nodes, ofNode) },
    finally: node.finally && { nodes: mapValues(node.finally.nodes, ofNode) },
  };
}

function plain({ position, notes, meta, ...rest }: { position?: unknown; notes?: unknown; meta?: unknown }): object {
  return rest;
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => unknown): object {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

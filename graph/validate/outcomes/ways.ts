import type { Catalogue } from '../../catalogue.ts';
import { type Need, parseNeed } from '../../document/links.ts';
import { splitUses } from '../../document/names.ts';
import type { Body, GraphNode, TriggerNode } from '../../document/types.ts';
import { DEAD_ENDS, portsOf } from '../../node-types/ports.ts';
import { own } from '../../pointer.ts';

/** One way in which a started node can end, with or without ending its body. */
export interface Way {
  /** The port it leaves by; null if none. */
  readonly port: string | null;
  readonly status: 'succeeded' | 'failed' | 'skipped';
  /** It ends the whole body: `stop`, or something that always fails and that nothing handles. */
  readonly ends?: true;
}

/** What the analysis of a body needs to know in addition to the body. */
export interface BodyContext {
  readonly catalogue: Catalogue;
  /** Triggers, for the graph's own body; inner bodies have none. */
  readonly triggers?: Readonly<Record<string, TriggerNode>>;
}

/**
 * Every way a node can end: skipped by its guard, by each port of its type, or by a failure that is handled. A failure
 * that nothing handles (`needed`: the ports that other nodes need) ends the body and never reaches a link; it is listed
 * only for what always fails: `fail`, and a race that no node can win.
 */
export function waysOf(id: string, body: Body, context: BodyContext, needed: ReadonlySet<string> = new Set()): Way[] {
  const node = body.nodes[id]!;
  const ways: Way[] = node.if === undefined ? [] : [{ port: null, status: 'skipped' }];
  const { type } = splitUses(node.uses);
  if (type === 'stop') ways.push({ port: null, status: 'succeeded', ends: true });
  else if (type !== 'fail') {
    const ports = portsOf(node, context.catalogue) ?? guessPorts(needed);
    for (const port of ports) ways.push({ port, status: 'succeeded' });
  }
  ways.push(...failureWays(node, needed));
  if (ways.every(({ status }) => status === 'skipped')) ways.push({ port: null, status: 'failed', ends: true });
  return ways;
}

/** Ways of a handled failure. A link from `.error` takes failures that `.timeout` does not, and precedes `onError`. */
function failureWays(node: GraphNode, needed: ReadonlySet<string>): Way[] {
  const ways: Way[] = [];
  const dead = DEAD_ENDS.has(splitUses(node.uses).type);
  if (!dead && needed.has('timeout') && node.timeout !== undefined) ways.push({ port: 'timeout', status: 'failed' });
  if (!dead && needed.has('error')) ways.push({ port: 'error', status: 'failed' });
  else if (node.onError === 'continue') ways.push({ port: 'out', status: 'failed' });
  return ways;
}

/** For each node that other nodes of its body need: the ports by which they need it. */
export function neededPorts(body: Body): ReadonlyMap<string, ReadonlySet<string>> {
  const ports = new Map<string, Set<string>>();
  for (const node of Object.values(body.nodes)) {
    for (const text of node.needs ?? []) {
      const need = parseNeed(text);
      if (need !== null) ports.set(need.source, (ports.get(need.source) ?? new Set()).add(need.port));
    }
  }
  return ports;
}

/** An unknown type is given the ports that its links ask for, so that one problem does not cause ten more. */
function guessPorts(needed: ReadonlySet<string>): string[] {
  const ports = [...needed].filter((port) => port !== 'error' && port !== 'timeout').sort();
  return ports.length > 0 ? ports : ['out'];
}

/** The triggers that may have fired, by id; null stands for no trigger. */
export function firings(triggers: Readonly<Record<string, TriggerNode>> | undefined): readonly (string | null)[] {
  const ids = Object.keys(triggers ?? {}).sort();
  const calls = ids.filter((id) => splitUses(own(triggers, id)?.uses ?? '').type === 'call');
  // A call that names no trigger counts as the declared `call`, else as the only trigger, else as none.
  return ids.length === 1 || calls.length === 1 ? ids : [null, ...ids];
}

/** The valid links into a node; problems with other links are reported elsewhere. */
export function linksInto(id: string, body: Body, context: BodyContext): readonly Need[] {
  const links: Need[] = [];
  for (const text of body.nodes[id]?.needs ?? []) {
    const need = parseNeed(text);
    if (need === null) continue;
    const known = Object.hasOwn(body.nodes, need.source) || own(context.triggers, need.source) !== undefined;
    if (known) links.push(need);
  }
  return links;
}

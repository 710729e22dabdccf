import type { Catalogue } from '../../catalogue.ts';
import { formatNeed, type Need, parseNeed } from '../../document/links.ts';
import type { Graph, GraphNode } from '../../document/types.ts';
import { portsOf } from '../../node-types/ports.ts';
import { own } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { cyclesOf } from '../../structure/order.ts';
import { type Analysis, unclearLinks } from '../outcomes/analyse.ts';
import { NEVER } from '../outcomes/diagram.ts';

/** Checks the links of one body: ends, ports, cycles, and joins. */
export function checkLinks(at: BodyAt, graph: Graph, catalogue: Catalogue, analysis: Analysis): Problem[] {
  const problems: Problem[] = [];
  for (const cycle of cyclesOf(at.body)) {
    const way = [...cycle, cycle[0]].join(' → ');
    problems.push(problem('cycle', `${nodePath(at, cycle[0]!)}/needs`, `These nodes need each other: ${way}.`));
  }
  const portsFor = portsById(catalogue);
  for (const [id, node] of Object.entries(at.body.nodes)) {
    const found = checkNeeds(id, node, at, graph, portsFor);
    problems.push(...found);
    if (analysis.index.has(id) && found.length === 0) problems.push(...checkJoin(id, node, nodePath(at, id), analysis));
  }
  return problems;
}

type PortsFor = (id: string, node: GraphNode) => readonly string[] | null;

/** Ports of the nodes of one body, computed once per node, because a switch may have thousands. */
function portsById(catalogue: Catalogue): PortsFor {
  const known = new Map<string, readonly string[] | null>();
  return (id, node) => {
    const ports = known.get(id);
    if (ports !== undefined) return ports;
    const found = portsOf(node, catalogue);
    known.set(id, found);
    return found;
  };
}

function checkNeeds(id: string, node: GraphNode, at: BodyAt, graph: Graph, portsFor: PortsFor): Problem[] {
  const seen = new Set<string>();
  return (node.needs ?? []).flatMap((text, index): Problem[] => {
    const need = parseNeed(text);
    if (need === null) return [];
    const path = `${nodePath(at, id)}/needs/${index}`;
    if (seen.has(formatNeed(need))) return [problem('duplicate-link', path, `\`${text}\` appears twice.`)];
    seen.add(formatNeed(need));
    const found = checkNeed(need, { id, path }, at, graph, portsFor);
    return found === null ? [] : [found];
  });
}

/** Where a link is written: the node that needs it, and the pointer. */
interface Written {
  readonly id: string;
  readonly path: string;
}

function checkNeed(
  need: Need,
  { id: self, path }: Written,
  at: BodyAt,
  graph: Graph,
  portsFor: PortsFor,
): Problem | null {
  const source = own(at.body.nodes, need.source);
  if (source !== undefined) return checkPort(need, source, path, portsFor);
  const trigger = own(graph.triggers, need.source);
  if (trigger !== undefined && at.kind === 'graph') {
    return need.port === 'out'
      ? null
      : problem('wrong-port', path, `${need.source} is a trigger and has no ports.`, `Write \`${need.source}\`.`);
  }
  if (trigger !== undefined) {
    return problem(
      'dangling-link',
      path,
      `${need.source} is a trigger; only nodes at the top level can need a trigger.`,
      'Link the container instead.',
    );
  }
  const others = Object.keys(at.body.nodes).filter((id) => id !== self);
  const known = [...others, ...(at.kind === 'graph' ? Object.keys(graph.triggers ?? {}) : [])];
  return problem(
    'dangling-link',
    path,
    `There is no node ${need.source} in this body.${didYouMean(need.source, known)}`,
  );
}

function checkPort({ source, port }: Need, node: GraphNode, path: string, portsFor: PortsFor): Problem | null {
  const ports = portsFor(source, node);
  if (ports === null) return null;
  if (ports.length === 0)
    return problem(
      'wrong-port',
      path,
      `Nothing comes after ${source}: \`${node.uses}\` has no ports.`,
      'Remove the link.',
    );
  if (port === 'error' && node.onError === 'continue') return handledTwice(source, path);
  if (ports.includes(port) || port === 'error') return null;
  if (port === 'timeout') {
    return node.timeout === undefined
      ? problem(
          'wrong-port',
          path,
          `${source} has no port \`timeout\`, because it sets no \`timeout\`.`,
          `Set \`timeout\` on ${source}, or use \`${source}.error\`.`,
        )
      : null;
  }
  const list = ports.map((each) => `\`${each === 'out' ? source : `${source}.${each}`}\``).join(', ');
  if (port === 'out')
    return problem(
      'port-needed',
      path,
      `${source} leaves by one of several ports.`,
      `Write one of ${list}, or several of them.`,
    );
  return problem(
    'wrong-port',
    path,
    `${source} has no port \`${port}\`.${didYouMean(port, ports)}`,
    `It can be ${list} or \`${source}.error\`.`,
  );
}

const handledTwice = (source: string, path: string): Problem =>
  problem(
    'handled-twice',
    path,
    `A failure of ${source} is handled by this link and by its \`onError: continue\`.`,
    `Remove \`onError\` from ${source} to go on by this link, or remove the link and read \`errors.${source}\`.`,
  );

function checkJoin(id: string, node: GraphNode, path: string, analysis: Analysis): Problem[] {
  const links = analysis.links.get(id) ?? [];
  if (analysis.starts.get(id) === NEVER) {
    const contradiction = node.join === 'all' && links.every(([, live]) => live !== NEVER);
    return contradiction
      ? [
          problem(
            'never-runs',
            `${path}/join`,
            `The links of ${id} are never all live, so \`join: all\` never starts it.`,
          ),
        ]
      : [problem('unreachable', path, `No outcome leads to ${id}.`)];
  }
  if (node.join !== undefined || links.length < 2) return [];
  const unclear = unclearLinks(analysis, id);
  if (unclear === 'clear') return [];
  const message =
    unclear === 'unknown'
      ? `Whether all links of ${id} are live together is too complex to decide.`
      : `\`${unclear[0]}\` and \`${unclear[1]}\` can both lead to ${id}, but need not: does it wait for all, or is one enough?`;
  return [problem('join-unclear', `${path}/needs`, message)];
}

import { splitUses } from '../../document/names.ts';
import type { Body, GraphNode } from '../../document/types.ts';
import { compileValue } from '../../expression/parse.ts';
import type { Json } from '../../json.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { type Chain, chainsOf } from '../kinds/chains.ts';
import type { Subject } from './subject.ts';

/** Loops whose test gives the same answer each time, that lose their state, or that spin without an end. */
export function whileLoops({ graph, bodies }: Subject): Problem[] {
  return bodies.flatMap((at) =>
    Object.entries(at.body.nodes)
      .filter(([, node]) => splitUses(node.uses).type === 'while' && node.nodes !== undefined)
      .flatMap(([id, node]) => checkLoop(id, node, at, graph.timeout !== undefined)),
  );
}

function checkLoop(id: string, node: GraphNode, at: BodyAt, limited: boolean): Problem[] {
  const path = nodePath(at, id);
  const { test, max } = node.with ?? {};
  const compiled = compileValue(test ?? null);
  if (compiled.problems.length > 0) return [];
  const chains = chainsOf(compiled.template);
  const constant = compiled.template[0] === 'v';
  const lost = lostState(id, node, chains);
  const problems = lost === null ? [] : [problem('state-not-yielded', `${path}/output`, lost)];
  // Null, and a text that is none of the language's conditions, are reported or mean false.
  if (constant && typeof test !== 'boolean') return problems;
  if (chains.some((chain) => changes(chain, id))) return problems;
  const inside = typesWithin(node.nodes!);
  const leaves = inside.has('stop') || inside.has('fail');
  const bounded = node.timeout !== undefined || limited || isBounded(at);
  if (max === 'unlimited' && test !== false) {
    // A loop for ever is a way to watch something, as long as it waits between two looks.
    if (leaves || bounded || WAITS.some((type) => inside.has(type))) return problems;
    return [
      ...problems,
      problem(
        'endless-loop',
        path,
        `${id} never ends and never waits: its test stays true, and nothing in it takes time to pass.`,
      ),
    ];
  }
  if (test !== false && (leaves || (constant && bounded))) return problems;
  const says =
    test === false
      ? `the test of ${id} is false, so it never begins`
      : `the test of ${id} reads nothing that a round can change`;
  return [
    ...problems,
    problem('test-never-changes', `${path}/with/test`, `${says[0]!.toUpperCase()}${says.slice(1)}.`),
  ];
}

const WAITS = ['wait', 'waitForEvent', 'approval', 'workflow.run'];

/** Whether what a chain reads can be another value in the next round. */
function changes({ root, path }: Chain, id: string): boolean {
  return root === 'state' || root === 'index' || root === 'now' || (root === 'loops' && path[0] === id);
}

/** Types of all nodes within, at any depth. */
function typesWithin(nodes: Body['nodes']): Set<string> {
  const types = new Set<string>();
  const left = Object.values(nodes);
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    types.add(splitUses(node.uses).type);
    for (const inner of [node.nodes, node.catch?.nodes, node.finally?.nodes]) left.push(...Object.values(inner ?? {}));
  }
  return types;
}

/** Whether something around a body ends it from outside: a limit, or a race another branch can win. */
function isBounded(at: BodyAt): boolean {
  for (let owner = at.owner; owner !== undefined; owner = owner.within.owner) {
    if (owner.node.timeout !== undefined || splitUses(owner.node.uses).type === 'race') return true;
  }
  return false;
}

/** What of the state is read, but gone after the first round; null if nothing is. */
function lostState(id: string, node: GraphNode, test: readonly Chain[]): string | null {
  if (node.with?.state === undefined || node.with.state === null) return null;
  const read = (chain: Chain): readonly string[] | null =>
    chain.root === 'state'
      ? chain.path
      : chain.root === 'loops' && chain.path[0] === id && chain.path[1] === 'state'
        ? chain.path.slice(2)
        : null;
  const inTest = test.map(read).filter((path) => path !== null);
  if (node.output === undefined) {
    const inBody = inTest.length > 0 || readsWithin(node.nodes!, read);
    return inBody ? `${id} has no \`output\`, so its \`state\` is null after the first round.` : null;
  }
  const yielded = keysOf(node.output);
  const first = keysOf(node.with.state);
  if (yielded === null || first === null) return null;
  const lost = inTest.map(([name]) => name).find((name) => name !== undefined && first.has(name) && !yielded.has(name));
  return lost === undefined
    ? null
    : `The test of ${id} reads \`state.${lost}\`, and \`output\` does not yield \`${lost}\` for the next round.`;
}

/** The fields of a map that is written out. */
const keysOf = (value: Json): Set<string> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? new Set(Object.keys(value)) : null;

/** Whether the nodes of a body read the state. Those of a loop inside have a `state` of their own. */
function readsWithin(nodes: Body['nodes'], read: (chain: Chain) => readonly string[] | null): boolean {
  return Object.values(nodes).some((node) => {
    const { nodes: inner, ...own } = node;
    const chains = chainsOf(compileValue(own as unknown as Json).template);
    if (chains.some((chain) => read(chain) !== null)) return true;
    return inner !== undefined && splitUses(node.uses).type !== 'while' && readsWithin(inner, read);
  });
}

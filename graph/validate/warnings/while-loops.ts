import { splitUses } from '../../document/names.ts';
import type { Body, GraphNode } from '../../document/types.ts';
import { compileValue } from '../../expression/parse.ts';
import type { Json, JsonObject } from '../../json.ts';
import { problem } from '../../problems/codes.ts';
import type { Problem } from '../../problems/problem.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { type Chain, chainsOf } from '../kinds/chains.ts';
import type { Subject } from './subject.ts';

/** Finds loops whose test gives the same answer each time, that lose their state, or that spin endlessly. */
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
  // A test that is missing, broken or not a condition is reported elsewhere; null means false.
  if (compiled.problems.length > 0 || (compiled.template[0] === 'v' && typeof test !== 'boolean')) return [];
  const chains = chainsOf(compiled.template);
  const lost = lostState(id, node, chains);
  if (lost !== null) return [problem('state-not-yielded', `${path}/output`, lost)];
  if (test === false)
    return [problem('test-never-changes', `${path}/with/test`, `The test of ${id} is false, so it never begins.`)];
  if (chains.some((chain) => changes(chain, id))) return [];
  const inside = typesWithin(node.nodes!);
  const leaves = inside.has('stop') || inside.has('fail');
  const bounded = node.timeout !== undefined || limited || isBounded(at);
  if (max === 'unlimited') {
    // An endless loop is a way to watch something, as long as it waits between two looks.
    if (leaves || bounded || WAITS.some((type) => inside.has(type))) return [];
    const message = `${id} never ends and never waits: its test stays as it is, and nothing in it lets time pass.`;
    return [problem('endless-loop', path, message)];
  }
  // `true` says that something else ends the loop; a test that reads something was meant to end it.
  if (leaves || (chains.length === 0 && bounded)) return [];
  const message = `The test of ${id} reads nothing that a round can change.`;
  return [problem('test-never-changes', `${path}/with/test`, message)];
}

const WAITS = ['wait', 'waitForEvent', 'approval', 'workflow.run'];

/** Whether the value that a chain reads can change in the next round. */
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

/** Whether something around a body ends it from outside: a timeout, or a race that another branch can win. */
function isBounded(at: BodyAt): boolean {
  for (let owner = at.owner; owner !== undefined; owner = owner.within.owner) {
    if (owner.node.timeout !== undefined || splitUses(owner.node.uses).type === 'race') return true;
  }
  return false;
}

/** The problem of state that is read but missing after the first round; null if there is none. */
function lostState(id: string, node: GraphNode, test: readonly Chain[]): string | null {
  const inTest = test.map((chain) => stateRead(chain, id)).filter((path) => path !== null);
  if (node.output === undefined) {
    if (inTest.length === 0 && (node.with?.state === undefined || readsWithin(node.nodes!, id).length === 0))
      return null;
    return `${id} has no \`output\`, so its \`state\` is null after the first round.`;
  }
  const { template } = compileValue(node.output);
  const same = template[0] === 'v' || inTest.every((path) => isHandedOn(node.output!, path, id));
  if (inTest.length > 0 && same && !test.some((chain) => changes(chain, id) && stateRead(chain, id) === null))
    return `\`output\` of ${id} is the same in every round, and the test reads \`state\`.`;
  const yielded = keysOf(node.output) ?? (template[0] === 'e' ? keysOfTree(template[1]) : null);
  const first = keysOf(node.with?.state ?? null);
  if (yielded === null) return null;
  const isLost = (name: string | undefined) => name !== undefined && first?.has(name) === true && !yielded.has(name);
  const lost = inTest.map(([name]) => name).find(isLost);
  if (lost === undefined) {
    const inBody = readsWithin(node.nodes!, id).find(([name]) => isLost(name) && !hasFallback(node.nodes!, name!))?.[0];
    if (inBody === undefined) return null;
    return `The body of ${id} reads \`state.${inBody}\`, and \`output\` does not yield \`${inBody}\` for the next round.`;
  }
  return `The test of ${id} reads \`state.${lost}\`, and \`output\` does not yield \`${lost}\` for the next round.`;
}

/** The path a chain reads of the state of a loop; null if it reads something else. */
function stateRead({ root, path }: Chain, id: string): readonly string[] | null {
  if (root === 'state') return path;
  return root === 'loops' && path[0] === id && path[1] === 'state' ? path.slice(2) : null;
}

/** Whether a tree is a chain of names and nothing else. */
const isWhole = (tree: unknown, { path }: Chain): boolean =>
  Array.isArray(tree) && tree[0] === '.' && tree.length === 3 + path.length;

/** The fields of a map that is written out. */
const keysOf = (value: Json): Set<string> | null =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? new Set(Object.keys(value)) : null;

/** The fields of a map that an expression writes out; null if some come from elsewhere. */
function keysOfTree([kind, ...entries]: readonly unknown[]): Set<string> | null {
  const keys = entries.filter((_, index) => index % 2 === 0);
  return kind === '{' && keys.every((key) => typeof key === 'string') ? new Set(keys) : null;
}

/** What the nodes of a body read of the state of the loop around them. A loop inside has a `state` of its own. */
function readsWithin(nodes: Body['nodes'], id: string): (readonly string[])[] {
  return Object.values(nodes).flatMap(({ nodes: inner, with: given, ...node }) => {
    const isLoop = splitUses(node.uses).type === 'while';
    const own = isLoop ? { given: given?.state ?? null } : { node, given: given ?? null };
    const chains = chainsOf(compileValue(own as unknown as Json).template);
    const paths = chains.map((chain) => stateRead(chain, id)).filter((path) => path !== null);
    return [...paths, ...(inner !== undefined && !isLoop ? readsWithin(inner, id) : [])];
  });
}

/** Whether an author expects that a name of the state may be missing: `state.name ?? …`, `state.name == null`. */
function hasFallback(nodes: Body['nodes'], name: string): boolean {
  const text = JSON.stringify(nodes);
  return [`?.${name}`, `.${name}?`, `.${name} ?`, `.${name} !=`, `.${name} ==`].some((form) =>
    text.includes(`state${form}`),
  );
}

/** Whether the next state has the value of the last one at a path. */
function isHandedOn(output: Json, path: readonly string[], id: string): boolean {
  const { template } = compileValue(output);
  if (template[0] === 'e') {
    const [only] = chainsOf(template);
    return only !== undefined && isWhole(template[1], only) && stateRead(only, id)?.length === 0;
  }
  const [name] = path;
  const field =
    name !== undefined && keysOf(output)?.has(name) ? compileValue((output as JsonObject)[name]!).template : null;
  if (field?.[0] !== 'e') return false;
  const [only] = chainsOf(field);
  return only !== undefined && isWhole(field[1], only) && stateRead(only, id)?.join('.') === name;
}

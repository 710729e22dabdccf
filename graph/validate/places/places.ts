import { splitUses } from '../../document/names.ts';
import type { Graph, GraphNode, InlineNode, TriggerNode } from '../../document/types.ts';
import { isMap, type Json } from '../../json.ts';
import { AGENT, holdsTools, isAgent, toolsOf } from '../../node-types/agent-type.ts';
import { BUILTIN_TRIGGERS } from '../../node-types/builtin-triggers.ts';
import { builtinType } from '../../node-types/builtin-types.ts';
import { escapeSegment } from '../../pointer.ts';
import { type BodyAt, nodePath } from '../../structure/bodies.ts';
import { type Analysis, mayStartWithoutError } from '../outcomes/analyse.ts';
import type { Fn } from '../outcomes/diagram.ts';

/** What an expression sees of one body. */
export interface Frame {
  readonly at: BodyAt;
  readonly analysis: Analysis;
  /** `before`: nodes upstream of `node`; `all`: every node; `attempt`: every node, but each may not have run. */
  readonly sees: 'before' | 'all' | 'attempt';
  /** The node the expression belongs to, or the container around it. */
  readonly node?: string;
  /** The expression also sees the node itself, which may be null (`compensate`). */
  readonly self?: boolean;
  /** The outcomes in which the expression is read. */
  readonly holds: Fn | null | undefined;
}

/** What is in scope at a place. Frames are ordered from the inside out. */
export interface Scope {
  readonly roots: ReadonlySet<string>;
  /** The enclosing loops, by id, with the members of each: `index`, and `item` or `state`. */
  readonly loops: ReadonlyMap<string, readonly string[]>;
  /** `error` exists, but may be null. */
  readonly errorMayBeNull?: boolean;
  readonly frames: readonly Frame[];
}

/** The innermost body around the expression that has a node of this id. */
export const frameOf = (id: string, scope: Scope): Frame | undefined =>
  scope.frames.find((frame) => Object.hasOwn(frame.at.body.nodes, id));

/** A value of the document that may hold expressions. */
export interface Place {
  readonly value: Json;
  readonly path: string;
  readonly scope: Scope;
}

const COMMON = ['trigger', 'input', 'vars', 'nodes', 'errors', 'run', 'now', 'loops'];
const OUTSIDE: Scope = { roots: new Set(COMMON), loops: new Map(), frames: [] };
const only = (...roots: string[]): Scope => ({ ...OUTSIDE, roots: new Set(roots) });

/** Every value of a graph that is resolved at some time, and what it may read. */
export function placesOf(graph: Graph, bodies: readonly BodyAt[], analyses: ReadonlyMap<BodyAt, Analysis>): Place[] {
  const places: Place[] = [];
  const add = (value: Json | undefined, path: string, scope: Scope): void => {
    if (value !== undefined) places.push({ value, path, scope });
  };
  for (const [id, trigger] of Object.entries(graph.triggers ?? {})) {
    const path = `/triggers/${escapeSegment(id)}`;
    addTriggerParameters(add, trigger, `${path}/with`);
    add(trigger.if, `${path}/if`, only('trigger', 'input', 'vars'));
    add(trigger.input, `${path}/input`, only('trigger', 'input', 'vars'));
  }
  for (const word of ['concurrency', 'rateLimit', 'debounce', 'batch'] as const)
    add(graph[word]?.key, `/${word}/key`, only('trigger', 'input', 'vars'));
  add(graph.priority, '/priority', only('trigger', 'input', 'vars'));
  const outer = outerScopes(bodies, analyses);
  for (const at of bodies) {
    const analysis = analyses.get(at)!;
    const around = outer.get(at)!;
    for (const [id, node] of Object.entries(at.body.nodes)) addNode(add, at, analysis, around, id, node);
    if (holdsTools(at)) addApprovals(add, at.owner!.node, at.path, around);
    if (at.kind === 'catch') add(at.owner?.node.catch?.if, `${at.path}/if`, around);
    if (at.kind !== 'finally')
      add(at.body.output, `${at.path}/output`, inside(around, { at, analysis, sees: 'all', holds: analysis.ends }));
  }
  return places;
}

type Add = (value: Json | undefined, path: string, scope: Scope) => void;

/** Parameters of a trigger read `vars`; those that are resolved for each firing read more. */
function addTriggerParameters(add: Add, trigger: TriggerNode, path: string): void {
  const reads = BUILTIN_TRIGGERS.get(splitUses(trigger.uses).type)?.reads ?? {};
  for (const [name, value] of Object.entries(trigger.with ?? {}))
    add(value, `${path}/${escapeSegment(name)}`, only('vars', ...(Object.hasOwn(reads, name) ? reads[name]! : [])));
}

function addNode(add: Add, at: BodyAt, analysis: Analysis, around: Scope, id: string, node: GraphNode): void {
  const path = nodePath(at, id);
  const frame: Frame = { at, analysis, sees: 'before', node: id, holds: analysis.runs.get(id) };
  const withLinks = (frames: Scope): Scope => withErrorOfLinks(frames, id, node, analysis);
  const scope = withLinks(inside(around, frame));
  add(node.if, `${path}/if`, withLinks(inside(around, { ...frame, holds: analysis.starts.get(id) })));
  addParameters(add, node, `${path}/with`, scope);
  addInline(add, node.notify, `${path}/notify`, withRoots(scope, ['resume']));
  addInline(add, node.compensate, `${path}/compensate`, withError(inside(around, { ...frame, self: true }), false));
}

function addInline(add: Add, node: InlineNode | undefined, path: string, scope: Scope): void {
  if (node?.with !== undefined) add(node.with, `${path}/with`, scope);
}

function addParameters(add: Add, node: GraphNode, path: string, scope: Scope): void {
  const { type } = splitUses(node.uses);
  // A misspelt built-in type is reported, but what its parameters could read is unknown. Effects have a dot.
  if (builtinType(node.uses) === undefined && !type.includes('.'))
    return add(node.with, path, withRoots(scope, ['item', 'index', 'state']));
  const perElement = builtinType(node.uses)?.perElement ?? [];
  for (const [name, value] of Object.entries(node.with ?? {})) {
    const at = `${path}/${escapeSegment(name)}`;
    if (type === AGENT && name === 'tools') addTools(add, node, at, scope);
    else if (perElement.includes(name)) addPerElement(add, type, value, at, scope);
    else add(value, at, withRoots(scope, type === 'while' && name === 'test' ? ['state', 'index'] : []));
  }
}

/** What an agent tells its model of its tools. The approvals of tools are read inside of the agent, where the call is known. */
function addTools(add: Add, node: GraphNode, path: string, scope: Scope): void {
  const tools = node.with!.tools!;
  if (tools === null || typeof tools !== 'object') return add(tools, path, scope);
  const maps = toolsOf(node);
  for (const [name, tool] of Object.entries(tools)) {
    const { approval: _, ...told } = maps.get(name) ?? {};
    add(maps.has(name) ? told : tool, `${path}/${escapeSegment(name)}`, scope);
  }
}

function addApprovals(add: Add, agent: GraphNode, path: string, scope: Scope): void {
  for (const [name, { approval }] of toolsOf(agent)) {
    const at = `${path}/with/tools/${escapeSegment(name)}/approval`;
    if (!isMap(approval)) {
      add(approval, at, scope);
      continue;
    }
    const { notify, ...given } = approval;
    add(given, at, scope);
    add(notify, `${at}/notify`, withRoots(scope, ['resume']));
  }
}

/** In `by` of a sort and `fields` of an aggregate, only one field of each entry is read per element. */
const PER_ENTRY: Readonly<Record<string, string>> = { sort: 'key', aggregate: 'of' };

function addPerElement(add: Add, type: string, value: Json, path: string, scope: Scope): void {
  const own = PER_ENTRY[type];
  const perElement = withRoots(scope, ['item', 'index']);
  if (own === undefined || value === null || typeof value !== 'object' || path.endsWith('/groupBy'))
    return add(value, path, perElement);
  for (const [key, entry] of Object.entries(value)) {
    const at = `${path}/${escapeSegment(key)}`;
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) add(entry, at, scope);
    else
      for (const [name, each] of Object.entries(entry))
        add(each, `${at}/${escapeSegment(name)}`, name === own ? perElement : scope);
  }
}

/** What each body sees of the bodies and loops around it. */
function outerScopes(bodies: readonly BodyAt[], analyses: ReadonlyMap<BodyAt, Analysis>): Map<BodyAt, Scope> {
  const scopes = new Map<BodyAt, Scope>();
  const attempts = new Map<GraphNode, BodyAt>();
  for (const at of bodies) {
    const { owner } = at;
    if (owner === undefined) {
      scopes.set(at, OUTSIDE);
      continue;
    }
    const analysis = analyses.get(owner.within)!;
    const frame: Frame = {
      at: owner.within,
      analysis,
      sees: 'before',
      node: owner.id,
      holds: analysis.runs.get(owner.id),
    };
    const scope = inside(scopes.get(owner.within)!, frame);
    if (at.kind === 'container') {
      attempts.set(owner.node, at);
      // A container started by a live `.error` link sees the error, and so does everything inside it.
      scopes.set(at, withErrorOfLinks(withLoop(scope, owner.id, owner.node), owner.id, owner.node, analysis));
    } else {
      const tried = attempts.get(owner.node);
      const seen = tried && { at: tried, analysis: analyses.get(tried)!, sees: 'attempt' as const, holds: null };
      scopes.set(at, withError(seen === undefined ? scope : inside(scope, seen), at.kind === 'finally'));
    }
  }
  return scopes;
}

const LOOP_NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ['forEach', ['index', 'item']],
  ['while', ['index', 'state']],
]);
/** Adds the names of a loop. A container of an unknown type, which is reported, may be meant to be any loop. */
const ANY_LOOP = ['index', 'item', 'state'];

function withLoop(scope: Scope, id: string, node: GraphNode): Scope {
  if (isAgent(node)) return withCall(scope, id);
  const names = LOOP_NAMES.get(splitUses(node.uses).type) ?? (builtinType(node.uses) === undefined ? ANY_LOOP : null);
  return names === null ? scope : { ...withRoots(scope, names), loops: new Map([...scope.loops, [id, names]]) };
}

/** In the tools of an agent, `item` is the call. The round and the state of a loop around are read as `loops.<id>`. */
function withCall(scope: Scope, id: string): Scope {
  const roots = [...scope.roots].filter((root) => root !== 'index' && root !== 'state');
  return { ...scope, roots: new Set([...roots, 'item']), loops: new Map([...scope.loops, [id, ['item']]]) };
}

const inside = (scope: Scope, frame: Frame): Scope => ({ ...scope, frames: [frame, ...scope.frames] });
const withRoots = (scope: Scope, roots: readonly string[]): Scope =>
  roots.length === 0 ? scope : { ...scope, roots: new Set([...scope.roots, ...roots]) };

const withError = (scope: Scope, errorMayBeNull: boolean): Scope => ({
  ...withRoots(scope, ['error']),
  errorMayBeNull,
});

/** A node with a link from a failure sees `error`: that of the live link, else one handled around it, else null. */
function withErrorOfLinks(scope: Scope, id: string, node: GraphNode, analysis: Analysis): Scope {
  const linked = (node.needs ?? []).some((need) => need.endsWith('.error') || need.endsWith('.timeout'));
  if (!linked) return scope;
  const nullAround = !scope.roots.has('error') || scope.errorMayBeNull === true;
  // Nothing is known about nodes on a cycle; the cycle is reported.
  return withError(scope, nullAround && analysis.index.has(id) && mayStartWithoutError(analysis, id));
}

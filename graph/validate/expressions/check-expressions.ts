import type { Catalogue } from '../../catalogue.ts';
import type { Graph, GraphNode } from '../../document/types.ts';
import type { ValueProblem } from '../../expression/compile.ts';
import type { CompiledValue } from '../../expression/parse.ts';
import { MAX_PROBLEMS } from '../../limits.ts';
import { holdsTools } from '../../node-types/agent-type.ts';
import { outputOf } from '../../node-types/outputs.ts';
import { fromPointer, own } from '../../pointer.ts';
import { problem } from '../../problems/codes.ts';
import { expressionProblem } from '../../problems/expression-problem.ts';
import { foreignOutput } from '../../problems/foreign-words.ts';
import { didYouMean } from '../../problems/nearest.ts';
import type { Problem } from '../../problems/problem.ts';
import { follow } from '../../schemas/schema-walk.ts';
import type { BodyAt } from '../../structure/bodies.ts';
import { frameOf, type Scope } from '../places/places.ts';
import { checkLoop } from './check-loop.ts';
import { checkNull } from './check-null.ts';
import type { ExpressionText } from './texts.ts';

/** Where else an id exists, to explain why the expression cannot see it. */
export interface Ids {
  readonly graph: Graph;
  readonly bodies: readonly BodyAt[];
  readonly catalogue: Catalogue;
}

/**
 * Checks the syntax of every expression, and that everything it reads exists, is in scope and upstream, and cannot be
 * null unexpectedly.
 */
export function checkExpressions(texts: Iterable<ExpressionText>, ids: Ids): Problem[] {
  const problems: Problem[] = [];
  for (const each of texts) {
    problems.push(...checkText(each, ids));
    // No more problems are shown, and each takes time.
    if (problems.length >= MAX_PROBLEMS) return problems;
  }
  return problems;
}

function checkText({ text, path, scope, compiled }: ExpressionText, ids: Ids): Problem[] {
  if (compiled.problems.length > 0)
    return compiled.problems.map((found) => expressionProblem(text, withNodeHint(text, found, ids), path));
  const problems: Problem[] = [];
  for (const root of compiled.reads.roots) {
    if (!scope.roots.has(root))
      problems.push(problem('not-in-scope', path, `\`${root}\` does not exist here.`, rootHint(root, scope)));
  }
  return [...problems, ...checkReferences(compiled, path, scope, ids)];
}

/** Adds a hint if a node's id stands where a name of the scope should stand: its output is `nodes.<id>`. */
function withNodeHint(text: string, found: ValueProblem, { bodies }: Ids): ValueProblem {
  const name = found.code === 'unknown-name' ? /^[A-Za-z]\w*/.exec(text.slice(found.position))?.[0] : undefined;
  if (name === undefined || !bodies.some(({ body }) => own(body.nodes, name) !== undefined)) return found;
  return { ...found, hint: `${name} is a node: write \`nodes.${name}\`.` };
}

function rootHint(root: string, scope: Scope): string | undefined {
  if (!scope.roots.has('nodes'))
    return `Here only ${[...scope.roots].map((name) => `\`${name}\``).join(', ')} can be read.`;
  if (root === 'item')
    return '`item` exists inside a `forEach`, in the tools of an `ai.agent`, and in the parameters of data nodes that are read per element.';
  if (root === 'state')
    return '`state` exists inside a `while`, and in its `test`; in the tools of an agent, write `loops.<id>.state`.';
  if (root === 'index')
    return '`index` exists inside a `forEach` or `while`; in the tools of an agent, write `loops.<id>.index`.';
  if (root === 'resume') return '`resume` exists in `notify` only.';
  if (root === 'error')
    return '`error` exists in `catch`, `finally`, `compensate`, and in a node linked from `.error` or `.timeout`; elsewhere read `errors.<id>`.';
  return undefined;
}

function checkReferences(compiled: CompiledValue, path: string, scope: Scope, ids: Ids): Problem[] {
  const problems = new Map<string, Problem>();
  const add = (found: Problem | null): void => {
    if (found !== null) problems.set(`${found.code} ${found.message}`, found);
  };
  for (const { kind, id, member } of compiled.references) {
    if (!scope.roots.has(kind)) continue;
    if (kind === 'vars') add(checkVar(id, path, ids.graph));
    else if (kind === 'loops') add(checkLoop(id, member, path, scope));
    else add(checkNode(kind, id, path, scope, ids));
  }
  for (const read of compiled.reads.unguarded) {
    const known = read.of === 'error' || checkNode(read.of, read.node, path, scope, ids) === null;
    if (known) add(checkNull(read, path, scope));
  }
  for (const [id, pointers] of Object.entries(compiled.reads.nodes)) {
    const node = frameOf(id, scope)?.at.body.nodes[id];
    if (node !== undefined) for (const pointer of pointers) add(checkField(id, node, pointer, path, ids.catalogue));
  }
  return [...problems.values()];
}

function checkNode(kind: 'nodes' | 'errors', id: string, path: string, scope: Scope, ids: Ids): Problem | null {
  const name = `\`${kind}.${id}\``;
  const frame = frameOf(id, scope);
  if (frame === undefined) return elsewhere(name, id, path, scope, ids);
  if (frame.sees !== 'before' || (frame.self && frame.node === id)) return null;
  if (frame.node === id)
    return problem(
      'not-upstream',
      path,
      `${name}: ${id} has not ended yet when this is read.`,
      'A node cannot read its own output.',
    );
  if (frame.analysis.upstream.get(frame.node ?? '')?.has(id)) return null;
  if (holdsTools(frame.at))
    return problem(
      'not-upstream',
      path,
      `${name}: ${id} and ${frame.node} are tools, which the model calls in any order.`,
      'A tool reads its own call: `item.args`. What another tool answered, the model can pass on as an argument.',
    );
  return problem(
    'not-upstream',
    path,
    `${name}: ${id} does not come before ${frame.node}.`,
    `Add \`${id}\` to the \`needs\` of ${frame.node}, or of a node before it.`,
  );
}

function elsewhere(name: string, id: string, path: string, scope: Scope, ids: Ids): Problem {
  if (own(ids.graph.triggers, id) !== undefined)
    return problem(
      'unknown-node',
      path,
      `${name}: ${id} is a trigger.`,
      'The data of a trigger is in `trigger` and `input`.',
    );
  const home = ids.bodies.find(({ body }) => Object.hasOwn(body.nodes, id));
  if (home !== undefined) {
    const container = home.owner?.id ?? '';
    const part =
      home.kind === 'catch' || home.kind === 'finally'
        ? `the ${home.kind} of ${container}`
        : `the container ${container}`;
    return problem(
      'not-visible',
      path,
      `${name}: ${id} is inside ${part}.`,
      `Yield the value through \`output\`, and read \`nodes.${container}\`.`,
    );
  }
  const known = scope.frames.flatMap((frame) => Object.keys(frame.at.body.nodes));
  return problem('unknown-node', path, `${name}: there is no node ${id}.${didYouMean(id, known)}`);
}

/** Reports a field that the schema of the node's output rules out. */
function checkField(id: string, node: GraphNode, pointer: string, path: string, catalogue: Catalogue): Problem | null {
  const schema = outputOf(node, catalogue);
  const segments = fromPointer(pointer);
  if (schema === null || follow(schema, segments, { root: schema, depth: 0 })?.length !== 0) return null;
  const known = Object.keys((schema.properties ?? {}) as object);
  const field = segments.join('.');
  const meant = foreignOutput(segments, known);
  const guess = meant !== undefined || segments.length > 1 ? '' : didYouMean(field, known);
  const hint =
    segments[0] === 'error'
      ? `The error of a node is \`errors.${id}\`.`
      : meant && `Write \`nodes.${[id, ...meant].join('.')}\`.`;
  return problem('unknown-field', path, `The output of ${id} has no \`${field}\`.${guess}`, hint);
}

function checkVar(id: string, path: string, graph: Graph): Problem | null {
  const vars = graph.vars ?? {};
  return Object.hasOwn(vars, id)
    ? null
    : problem('unknown-var', path, `\`vars.${id}\` is not declared.${didYouMean(id, Object.keys(vars))}`);
}

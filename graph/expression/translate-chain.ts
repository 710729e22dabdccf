import type * as acorn from 'acorn';
import type { Child } from './ast.ts';
import type { LocatedReference } from './gathered/reads.ts';
import { constants, functions } from './library/index.ts';
import { NAME_HINTS, ROOT_NAMES } from './names.ts';
import { refuse } from './problem.ts';
import { libraryName, methodEntries, NAMESPACES, refuseFunction, translateArguments } from './translate-call.ts';
import type { AnyNode, Context } from './translation.ts';
import type { Unguarded } from './types.ts';

const ROOTS: ReadonlySet<string> = new Set(ROOT_NAMES);

/** Roots that must be followed by a constant id, so that the reads of an expression are known without running it. */
const WITH_ID: ReadonlySet<string> = new Set(['nodes', 'errors', 'loops']);

/** One step of a chain, as acorn has it. */
type Step = { readonly member: acorn.MemberExpression; readonly call?: acorn.CallExpression };

/** Translates identifiers, member accesses and method calls: `a.b[c]?.d(e)`. @throws ParseFailure */
export function translateChain(node: AnyNode, context: Context): Child {
  const steps: Step[] = [];
  const start = walkToBase(node, steps, context);
  steps.reverse();
  const base = translateBase(start, steps, context);
  if (steps.length === 0)
    return typeof base === 'number' || typeof base === 'string' ? ['.', start.start, base] : base.node;
  const segments = steps.map((step) => translateStep(step, context));
  return ['.', node.start, typeof base === 'object' ? base.node : base, ...segments];
}

/** Follows the objects of a chain inwards. Parentheses end an optional chain, as in JavaScript. */
function walkToBase(node: AnyNode, steps: Step[], context: Context): AnyNode {
  let current: AnyNode = node.type === 'ChainExpression' ? node.expression : node;
  for (;;) {
    if (current.type === 'ParenthesizedExpression' && current.expression.type !== 'ChainExpression') {
      current = current.expression;
    } else if (current.type === 'MemberExpression') {
      steps.push({ member: current });
      current = current.object;
    } else if (current.type === 'CallExpression' && current.callee.type === 'MemberExpression') {
      if (libraryName(current.callee, context) !== undefined) return current;
      if (current.optional)
        refuse(
          'expression-unsupported',
          current.start,
          'A method is called with ( ), not ?.( ).',
          'Write x?.method().',
        );
      steps.push({ member: current.callee, call: current });
      current = current.callee.object;
    } else {
      return current;
    }
  }
}

/** A slot, a name in scope, or a node. Removes the steps of `Math.PI` and the like. */
function translateBase(node: AnyNode, steps: Step[], context: Context): string | number | { node: Child } {
  if (node.type !== 'Identifier') return { node: asNode(context.translate(node, context)) };
  const { name } = node;
  const slot = context.parameters.get(name);
  if (slot !== undefined) return slot;
  if (name === 'undefined') return { node: ['u'] };
  if (name === 'NaN' || name === 'Infinity') return { node: ['n', name] };
  if (ROOTS.has(name)) {
    context.gathered.roots.add(name);
    gatherReads(node, steps, context);
    return name;
  }
  const first = steps[0];
  const full = first === undefined ? name : libraryName(first.member, context);
  if (full !== undefined && Object.hasOwn(constants, full)) {
    steps.shift();
    // Put into the tree as a constant, so that a member of it (Math.PI.toFixed(2)) is a chain like any other.
    return { node: steps.length > 0 ? ['k', constants[full] ?? null] : (constants[full] ?? null) };
  }
  if (full !== undefined && functions.has(full)) {
    return refuse('expression-unsupported', node.start, `${full} is a function: call it, as in ${full}(…).`);
  }
  if (NAMESPACES.has(name)) return refuseFunction(full ?? name, node.start);
  const hint = NAME_HINTS.get(name) ?? `Expressions begin with ${ROOT_NAMES.join(', ')}, or a parameter.`;
  return refuse('unknown-name', node.start, `There is no "${name}".`, hint);
}

/** A bare constant cannot be told from a name or a slot at the start of a chain. */
const asNode = (child: Child): Child => (typeof child === 'object' && child !== null ? child : ['k', child]);

function translateStep({ member, call }: Step, context: Context): Child {
  const name = staticName(member);
  const optional = member.optional ? '?' : '';
  if (call !== undefined) {
    if (typeof name !== 'string' || member.computed) {
      return refuse(
        'expression-unsupported',
        member.property.start,
        'A method is called by its name, as in list.map(…).',
      );
    }
    const entries = methodEntries(name, member.property.start);
    return [`${optional}m`, name, ...translateArguments(`.${name}()`, entries, call, context)];
  }
  if (name === undefined) return [`${optional}c`, context.translate(member.property, context)];
  return member.optional ? ['?', name] : name;
}

/** Name or index of a member, if the source states it as a constant. */
function staticName(member: acorn.MemberExpression): string | number | undefined {
  const { property } = member;
  if (!member.computed) {
    if (property.type === 'Identifier') return property.name;
    return refuse('expression-syntax', property.start, 'A property name is expected after the dot.');
  }
  if (property.type !== 'Literal') return undefined;
  const { value } = property;
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;
}

/** Records what a chain from a root reads. */
function gatherReads(root: acorn.Identifier, steps: readonly Step[], context: Context): void {
  const kind = root.name;
  const first = steps[0];
  const id = first === undefined || first.call !== undefined ? undefined : staticName(first.member);
  if (typeof id !== 'string' || first === undefined) {
    if (!WITH_ID.has(kind)) return;
    refuse('expression-unsupported', root.start, `"${kind}" must be followed by an id, as in ${kind}.charge.`);
  }
  if (kind === 'error') noteUnguarded(kind, '', first, context);
  if (!WITH_ID.has(kind) && kind !== 'vars') return;
  const { property, computed } = first.member;
  const quote = computed ? 1 : 0;
  context.gathered.references.push({
    kind: kind as LocatedReference['kind'],
    id: id as string,
    start: property.start + quote,
    end: property.end - quote,
    ...(kind === 'loops' ? memberOf(steps[1]) : {}),
  });
  if (kind === 'nodes' || kind === 'errors') noteUnguarded(kind, id as string, steps[1], context);
  if (kind !== 'nodes') return;
  const pointers = context.gathered.nodes.get(id as string) ?? new Set();
  pointers.add(staticPointer(steps.slice(1)));
  context.gathered.nodes.set(id as string, pointers);
}

/** Records that a member of a value that may be null is read without `?.`. */
function noteUnguarded(of: Unguarded['of'], node: string, step: Step | undefined, { gathered }: Context): void {
  if (step && !step.member.optional) gathered.unguarded.push({ of, node, position: step.member.property.start });
}

function memberOf(step: Step | undefined): { member?: string } {
  const name = step === undefined || step.call !== undefined ? undefined : staticName(step.member);
  return name === undefined ? {} : { member: String(name) };
}

/** JSON Pointer of the members read by a constant name, up to the first computed member or call. */
function staticPointer(steps: readonly Step[]): string {
  let pointer = '';
  for (const { member, call } of steps) {
    const name = call === undefined ? staticName(member) : undefined;
    if (name === undefined) break;
    pointer += `/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return pointer;
}

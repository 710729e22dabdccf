import type * as acorn from 'acorn';
import type { Child } from './ast.ts';
import { type Constant, constantProblem } from './library/check-constants.ts';
import { functions, methodsNamed, nameInPlan } from './library/index.ts';
import type { LibraryFunction } from './library/types.ts';
import { NAME_HINTS } from './names.ts';
import { refuse } from './problem.ts';
import type { AnyNode, Context } from './translation.ts';

/** First words of library names with a dot: `Math`, `Object`, `date` … */
export const NAMESPACES: ReadonlySet<string> = new Set(
  [...functions.keys()].filter((name) => name.includes('.')).map((name) => name.slice(0, name.indexOf('.'))),
);

/** The library name that a node spells, such as `parseInt` or `Math.max`, unless a parameter shadows it. */
export function libraryName(node: AnyNode, context: Context): string | undefined {
  if (node.type === 'Identifier') return context.parameters.has(node.name) ? undefined : node.name;
  if (node.type !== 'MemberExpression' || node.computed || node.object.type !== 'Identifier') return undefined;
  const namespace = node.object.name;
  if (context.parameters.has(namespace) || !NAMESPACES.has(namespace)) return undefined;
  return `${namespace}.${(node.property as acorn.Identifier).name}`;
}

/** A call of a library function, or undefined if it is a method call. */
export function translateCall(node: acorn.CallExpression, context: Context): Child | undefined {
  const name = libraryName(node.callee, context);
  if (name === undefined) {
    if (node.callee.type === 'MemberExpression') return undefined;
    return refuse('expression-unsupported', node.start, 'Only functions of the library can be called.');
  }
  const entry = functions.get(name);
  if (entry === undefined) return refuseFunction(name, node.callee.start);
  if (node.optional) refuse('expression-unsupported', node.start, 'A function is called with ( ), not ?.( ).');
  const args = translateArguments(name, [entry], node, context);
  checkConstants(name, entry, args, node);
  return ['f', node.start, nameInPlan(name), ...args];
}

/** Refuses constants with which the function can only fail. After a spread, nothing is known about the arguments. */
function checkConstants(name: string, { kinds }: LibraryFunction, args: readonly Child[], node: acorn.CallExpression) {
  for (const [index, given] of args.entries()) {
    if (Array.isArray(given) && given[0] === '...') return;
    const kind = kinds?.[index];
    if (kind === undefined || (typeof given === 'object' && given !== null)) continue;
    const wrong = constantProblem(kind, given as Constant, rawOf(node.arguments[index]));
    const position = node.arguments[index]?.start ?? node.start;
    if (wrong !== null) refuse('wrong-arguments', position, `${name}, argument ${index + 1}: ${wrong}`);
  }
}

/** A literal as it is written in the source. */
const rawOf = (node: AnyNode | undefined): string => (node?.type === 'Literal' ? (node.raw ?? '') : '');

/** Refuses a function that does not exist, with a hint if people are likely to expect it. */
export function refuseFunction(name: string, position: number): never {
  const hint = NAME_HINTS.get(name) ?? NAME_HINTS.get(name.slice(0, name.indexOf('.')));
  return refuse(
    'unknown-function',
    position,
    `There is no function ${name}.`,
    hint ?? 'docs/expressions.md lists all functions.',
  );
}

/** The arguments of a call, checked against what the functions of that name accept. */
export function translateArguments(
  name: string,
  entries: readonly { takes: readonly [number, number]; callback?: number }[],
  node: acorn.CallExpression,
  context: Context,
): Child[] {
  const least = Math.min(...entries.map((entry) => entry.takes[0]));
  const most = Math.max(...entries.map((entry) => entry.takes[1]));
  const callback = entries.find((entry) => entry.callback !== undefined)?.callback;
  const count = node.arguments.length;
  const spreads = node.arguments.some((argument) => argument.type === 'SpreadElement');
  if ((spreads && (callback !== undefined || most < 3)) || (!spreads && count < least) || (!spreads && count > most)) {
    refuse(
      'wrong-arguments',
      node.start,
      `${name} takes ${countOf(least, most)}, not ${spreads ? 'a spread' : count}.`,
    );
  }
  return node.arguments.map((argument, index) => {
    if (index === callback) return translateCallback(name, argument, context);
    return argument.type === 'SpreadElement' ? spread(argument, context) : context.translate(argument, context);
  });
}

/** `...x` in a list or a call. */
export function spread(node: acorn.SpreadElement, context: Context): Child {
  const value = context.translate(node.argument, context);
  // Null cannot be spread into a list, so a bare node here is as unguarded as a property read from it.
  if (Array.isArray(value) && value[0] === '.' && value[2] === 'nodes' && value.length === 4) {
    context.gathered.unguarded.push({
      of: 'nodes',
      node: String([value[3]].flat().at(-1)),
      position: node.argument.start,
    });
  }
  return ['...', node.start, value];
}

const countOf = (least: number, most: number): string => {
  if (most === Number.POSITIVE_INFINITY) return `${least} or more arguments`;
  return least === most ? `${least} argument${least === 1 ? '' : 's'}` : `${least} to ${most} arguments`;
};

function translateCallback(name: string, node: AnyNode, context: Context): Child {
  if (node.type === 'ParenthesizedExpression') return translateCallback(name, node.expression, context);
  if (node.type === 'ArrowFunctionExpression') return translateArrow(node, context);
  const given = libraryName(node, context);
  if (given !== undefined && functions.has(given)) return ['fn', nameInPlan(given)];
  return refuse('wrong-arguments', node.start, `${name} needs a function here.`, 'Write one, such as x => x.id.');
}

function translateArrow(node: acorn.ArrowFunctionExpression, context: Context): Child {
  if (node.async) refuse('expression-unsupported', node.start, 'async is not part of the language.');
  if (node.body.type === 'BlockStatement') {
    const hint = 'Write the expression without { } and return; an object needs parentheses: x => ({ … }).';
    return refuse('expression-unsupported', node.body.start, 'An arrow function has one expression as its body.', hint);
  }
  const parameters = new Map(context.parameters);
  const patterns: Child[] = [];
  let slot = context.nextSlot;
  const take = (name: string) => {
    parameters.set(name, slot);
    slot += 1;
  };
  for (const parameter of node.params) patterns.push(translateParameter(parameter, take, () => (slot += 1)));
  const body = context.translate(node.body, { ...context, parameters, nextSlot: slot });
  return ['=>', context.nextSlot, patterns, body];
}

/** `x`, `[a, b]` or `{ a, b: c }`: names only, one level. */
function translateParameter(node: acorn.Pattern, take: (name: string) => void, skip: () => void): Child {
  if (node.type === 'Identifier') {
    take(node.name);
    return 0;
  }
  if (node.type === 'ArrayPattern' && node.elements.length > 0) {
    for (const element of node.elements) {
      if (element === null) skip();
      else take(nameOf(element));
    }
    return node.elements.length;
  }
  if (node.type === 'ObjectPattern') {
    return node.properties.map((property) => {
      if (property.type === 'RestElement' || property.computed) return refuseParameter(property.start);
      take(nameOf(property.value));
      return property.key.type === 'Identifier' ? property.key.name : String((property.key as acorn.Literal).value);
    });
  }
  return refuseParameter(node.start);
}

const nameOf = (node: acorn.Pattern): string => (node.type === 'Identifier' ? node.name : refuseParameter(node.start));

const refuseParameter = (position: number): never =>
  refuse(
    'expression-unsupported',
    position,
    'A parameter is a name, [a, b] or { a, b: c }, without defaults, rest or further nesting.',
  );

/** Methods of that name, or a refusal. */
export function methodEntries(name: string, position: number): ReturnType<typeof methodsNamed> {
  const entries = methodsNamed(name);
  if (entries.length > 0) return entries;
  const hint = NAME_HINTS.get(name) ?? 'docs/expressions.md lists all functions.';
  return refuse('unknown-function', position, `There is no method .${name}().`, hint);
}

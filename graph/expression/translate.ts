/** Translates acorn's tree into ours, and refuses everything that is not in the language. Publish time only. */
import type * as acorn from 'acorn';
import { MAX_EXPRESSION_DEPTH } from '../limits.ts';
import { ARITHMETIC, type Child, COMPARISON } from './ast.ts';
import { errorsBehind, forget, provenBy } from './gathered/narrowing.ts';
import { refuse } from './problem.ts';
import { spread, translateCall } from './translate-call.ts';
import { translateChain } from './translate-chain.ts';
import type { AnyNode, Context } from './translation.ts';

const BINARY: ReadonlySet<string> = new Set([...ARITHMETIC, ...COMPARISON]);
const FOLDED: ReadonlySet<string> = new Set(ARITHMETIC.filter((operator) => operator !== '**'));

/** Hints for syntax that people will try. */
const UNSUPPORTED: Readonly<Record<string, readonly [what: string, hint?: string]>> = {
  AssignmentExpression: ['An assignment', 'Compare with ==; expressions change nothing.'],
  UpdateExpression: ['++ or --', 'Expressions change nothing; write x + 1.'],
  SequenceExpression: ['The comma operator', 'Write one expression.'],
  FunctionExpression: ['A function', 'Write an arrow function as an argument, e.g. list.map(x => x.id).'],
  ArrowFunctionExpression: ['An arrow function here', 'It may only be an argument, e.g. of map or filter.'],
  NewExpression: ['new', 'Times: now and date.add(…); lists: [ ] and Array.from(…).'],
  AwaitExpression: ['await', 'Work that takes time is a node of the graph.'],
  ImportExpression: ['import'],
  ThisExpression: ['this'],
  TaggedTemplateExpression: ['A tagged template'],
  ClassExpression: ['A class'],
  YieldExpression: ['yield'],
  MetaProperty: ['import.meta and new.target'],
};

/** Translates an expression. @throws ParseFailure */
export function translate(node: AnyNode, given: Context): Child {
  const context: Context = { ...given, depth: given.depth + 1 };
  if (context.depth > MAX_EXPRESSION_DEPTH) {
    refuse(
      'expression-too-large',
      node.start,
      `The expression is nested deeper than ${MAX_EXPRESSION_DEPTH}.`,
      'Use a set node.',
    );
  }
  switch (node.type) {
    case 'Literal':
      return literal(node);
    case 'ParenthesizedExpression':
      return translate(node.expression, context);
    case 'Identifier':
    case 'MemberExpression':
    case 'ChainExpression':
      return translateChain(node, context);
    case 'CallExpression':
      return translateCall(node, context) ?? translateChain(node, context);
    case 'UnaryExpression':
      return unary(node, context);
    case 'BinaryExpression':
      return binary(node, context);
    case 'LogicalExpression':
      return [node.operator, ...operands(node, (each) => each.type === 'LogicalExpression', context)];
    case 'ConditionalExpression':
      return conditional(node, context);
    case 'TemplateLiteral':
      return templateLiteral(node, context);
    case 'ArrayExpression':
      return ['[', ...node.elements.map((entry) => listEntry(node, entry, context))];
    case 'ObjectExpression':
      return ['{', ...node.properties.flatMap((property) => objectEntry(property, context))];
  }
  const [what, hint] = UNSUPPORTED[node.type] ?? [`${node.type}`];
  return refuse('expression-unsupported', node.start, `${what} is not part of the language.`, hint);
}

function literal(node: acorn.Literal): Child {
  const { value } = node;
  if ('regex' in node && node.regex) {
    const hint = "Write the pattern as a text: regex.test(text, '^a+$').";
    return refuse('expression-unsupported', node.start, 'Patterns between slashes are not part of the language.', hint);
  }
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' || value === null)
    return value;
  return refuse(
    'expression-unsupported',
    node.start,
    'Big integers are not part of the language.',
    'Write a number without the n, or a text.',
  );
}

function unary(node: acorn.UnaryExpression, context: Context): Child {
  switch (node.operator) {
    case '!':
      return ['!', translate(node.argument, context)];
    case 'typeof':
      return ['ty', translate(node.argument, context)];
    case '+':
    case '-': {
      const argument = translate(node.argument, context);
      if (node.operator === '-' && typeof argument === 'number' && argument !== 0) return -argument;
      return [`u${node.operator}`, node.start, argument];
    }
  }
  return refuse('expression-unsupported', node.start, `The operator ${node.operator} is not part of the language.`);
}

function binary(node: acorn.BinaryExpression, context: Context): Child {
  const { operator } = node;
  if (!BINARY.has(operator)) {
    const hint = operator === 'in' ? 'Use Object.hasOwn(object, name).' : undefined;
    refuse('expression-unsupported', node.start, `The operator ${operator} is not part of the language.`, hint);
  }
  if (FOLDED.has(operator)) {
    return [operator, node.start, ...operands(node, (each) => each.type === 'BinaryExpression', context)];
  }
  return [operator, node.start, translate(node.left, context), translate(node.right, context)];
}

/** `a + b + c` as three operands: acorn nests these chains to the left, as deep as they are long. */
function operands(
  node: acorn.BinaryExpression | acorn.LogicalExpression,
  same: (each: AnyNode) => each is acorn.BinaryExpression | acorn.LogicalExpression,
  context: Context,
): Child[] {
  const found: AnyNode[] = [];
  let current: AnyNode = node;
  while (same(current) && current.operator === node.operator) {
    found.push(current.right);
    current = current.left;
  }
  const given = [current, ...found.reverse()];
  const known = new Set<string>();
  return given.map((each) => {
    const before = context.gathered.unguarded.length;
    const translated = translate(each, context);
    forget(context.gathered, before, known);
    for (const name of knownAfter(each, node.operator)) known.add(name);
    return translated;
  });
}

/** What is not null where the operands after this one are evaluated. */
function knownAfter(operand: AnyNode, operator: string): ReadonlySet<string> {
  if (operator === '??') return errorsBehind(operand);
  return operator === '&&' || operator === '||' ? provenBy(operand, operator === '&&') : new Set();
}

function conditional(node: acorn.ConditionalExpression, context: Context): Child {
  const parts: Child[] = [];
  const refuted = new Set<string>();
  const add = (part: AnyNode, proven: ReadonlySet<string> = new Set()): void => {
    const before = context.gathered.unguarded.length;
    parts.push(translate(part, context));
    for (const known of [refuted, proven]) forget(context.gathered, before, known);
  };
  let current: AnyNode = node;
  while (current.type === 'ConditionalExpression') {
    add(current.test);
    add(current.consequent, provenBy(current.test, true));
    for (const name of provenBy(current.test, false)) refuted.add(name);
    current = current.alternate;
  }
  add(current);
  return ['?', ...parts];
}

function templateLiteral(node: acorn.TemplateLiteral, context: Context): Child {
  const parts = node.quasis.flatMap((quasi, index): Child[] => {
    const text = quasi.value.cooked ?? '';
    const expression = node.expressions[index];
    return [...(text === '' ? [] : [text]), ...(expression === undefined ? [] : [translate(expression, context)])];
  });
  return ['`', node.start, ...parts];
}

function listEntry(list: acorn.ArrayExpression, entry: AnyNode | null, context: Context): Child {
  if (entry === null) return refuse('expression-syntax', list.start, 'The list has one comma too many.');
  return entry.type === 'SpreadElement' ? spread(entry, context) : translate(entry, context);
}

function objectEntry(property: acorn.Property | acorn.SpreadElement, context: Context): Child[] {
  if (property.type === 'SpreadElement') return [1, translate(property.argument, context)];
  if (property.kind !== 'init' || property.method) {
    refuse('expression-unsupported', property.start, 'Methods in objects are not part of the language.');
  }
  const value = translate(property.value, context);
  if (property.computed) return [['c', property.key.start, translate(property.key, context)], value];
  return [
    property.key.type === 'Identifier' ? property.key.name : String((property.key as acorn.Literal).value),
    value,
  ];
}

/** What the tests within an expression say about values that may be null: `nodes.a != null ? nodes.a.x : 0`. */
import type * as acorn from 'acorn';
import type { Gathered } from './reads.ts';

type AnyNode = acorn.AnyNode;

/** Names such as `nodes.a`, `errors.a` or `error`. */
type Names = ReadonlySet<string>;

/** The names that are not null if a test has that outcome. */
export function provenBy(test: AnyNode, holds: boolean): Names {
  switch (test.type) {
    case 'UnaryExpression':
      return test.operator === '!' ? provenBy(test.argument, !holds) : new Set();
    case 'LogicalExpression':
      if (test.operator !== (holds ? '&&' : '||')) return new Set();
      return new Set([...provenBy(test.left, holds), ...provenBy(test.right, holds)]);
    case 'BinaryExpression':
      return provenByComparison(test, holds);
    default:
      return holds ? read(test) : new Set();
  }
}

function provenByComparison({ operator, left, right }: acorn.BinaryExpression, holds: boolean): Names {
  const isEqual = operator === '==' || operator === '===';
  if (!isEqual && operator !== '!=' && operator !== '!==') return new Set();
  const [value, constant] = isConstant(right) ? [left, right] : [right, left];
  if (!isConstant(constant)) return new Set();
  if (!isNothing(constant)) return isEqual === holds ? read(value as AnyNode) : new Set();
  if (isEqual === holds) return new Set();
  // `===` tells null from undefined: `nodes.a` may be null, and `nodes.a?.x` undefined.
  const tells = operator.length < 3 || (constant.type === 'Literal' && isName(value as AnyNode));
  return tells ? read(value as AnyNode) : new Set();
}

const isConstant = (node: AnyNode): boolean => node.type === 'Literal' || isNothing(node);

const isNothing = (node: AnyNode): boolean =>
  (node.type === 'Literal' && node.value === null) || (node.type === 'Identifier' && node.name === 'undefined');

/** `nodes.a`, `error`: a name and nothing that is read from it. */
const isName = (node: AnyNode): boolean =>
  node.type === 'Identifier' || (node.type === 'MemberExpression' && node.object.type === 'Identifier');

/** The name that a chain of members and calls begins with: it is null only if the whole chain is null or undefined. */
function read(node: AnyNode): Names {
  let current: AnyNode = node;
  let within: acorn.MemberExpression | null = null;
  for (;;) {
    if (current.type === 'ChainExpression') current = current.expression;
    else if (current.type === 'CallExpression') current = current.callee as AnyNode;
    else if (current.type === 'MemberExpression') {
      within = current;
      current = current.object as AnyNode;
    } else break;
  }
  if (current.type !== 'Identifier') return new Set();
  if (current.name === 'error') return new Set(['error']);
  const id = within === null ? null : idOf(within);
  return id !== null && (current.name === 'nodes' || current.name === 'errors')
    ? new Set([`${current.name}.${id}`])
    : new Set();
}

/** The id in `nodes.<id>` or `nodes['<id>']`. */
function idOf({ computed, property }: acorn.MemberExpression): string | null {
  if (!computed) return property.type === 'Identifier' ? property.name : null;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : null;
}

/** In `nodes.a ?? errors.a.message`, the error is read only if the node has no output, so it is not null there. */
export function errorsBehind(left: AnyNode): Names {
  const names = isName(left) ? [...read(left)] : [];
  return new Set(names.filter((name) => name.startsWith('nodes.')).map((name) => name.replace('nodes.', 'errors.')));
}

/** Leaves out reads, from an index on, whose value is known not to be null. */
export function forget(gathered: Gathered, from: number, known: Names): void {
  if (known.size === 0) return;
  const added = gathered.unguarded.splice(from);
  gathered.unguarded.push(...added.filter(({ of, node }) => !known.has(of === 'error' ? of : `${of}.${node}`)));
}

/**
 * What a graph written in TypeScript imports as `blok`: references and expressions that stand for values of a run, and
 * builders that make the document. The types are in `declarations.ts`, because they come from the catalogue.
 */

/** Where an expression keeps its source. */
const SOURCE = Symbol('source');
/** Set for a source that must be put in parentheses within another one. */
const COMPOUND = Symbol('compound');

type Value = unknown;
type Fields = Record<string, Value>;

/** A value that is known only when the graph runs. */
interface Expression {
  readonly [SOURCE]: string;
  readonly [COMPOUND]: boolean;
}

/** A link from a node that has been defined. */
interface Link {
  readonly link: string;
}

/** A node that has been defined. */
export interface Handle extends Link {
  readonly id: string;
  /** Its output, `nodes.<id>`. */
  readonly output: Expression;
  /** Its error, `errors.<id>`. */
  readonly error: Expression;
  /** The link from one of its ports. */
  on(port: string): Link;
}

/** A mistake in a graph written in TypeScript: what is wrong, and where in the document it would stand. */
export class DefineError extends Error {}

const isExpression = (value: Value): value is Expression =>
  (typeof value === 'object' || typeof value === 'function') && value !== null && typeof sourceOf(value) === 'string';

const sourceOf = (value: object): string => (value as Expression)[SOURCE];

/** A reference: reading a field of it gives the reference to that field. */
export function reference(source: string, dot: '' | '?' = ''): Expression {
  return new Proxy(Object.create(null) as Expression, {
    get(_, key) {
      if (key === SOURCE) return source;
      if (key === COMPOUND) return false;
      if (key === Symbol.toPrimitive) throw noValue(source);
      // What JavaScript itself asks of any object is no field.
      if (typeof key === 'symbol' || key === 'then' || key === 'toJSON') return undefined;
      return reference(`${source}${member(key, dot)}`);
    },
    has: (_, key) => key === SOURCE,
  });
}

const noValue = (source: string): DefineError =>
  new DefineError(`${source} has no value yet: the graph has not run. Use it within expr\`…\` or text\`…\`.`);

function member(key: string, dot: '' | '?'): string {
  const optional = dot === '?' ? '?.' : '';
  if (/^\d+$/.test(key)) return `${optional}[${key}]`;
  if (/^[A-Za-z_$][\w$]*$/.test(key)) return `${optional || '.'}${key}`;
  return `${optional}[${JSON.stringify(key)}]`;
}

/**
 * An expression of the language. Values of a run stand in it as they are, constants as JSON.
 *
 * @example expr`${price.output.body.usd} > ${100}` // ${{ nodes.price.body.usd > 100 }}
 */
export function expr(parts: TemplateStringsArray, ...values: Value[]): Expression {
  const source = parts.raw.map((part, i) => `${part}${i < values.length ? operand(values[i]) : ''}`).join('');
  return Object.freeze({ [SOURCE]: source.trim(), [COMPOUND]: true });
}

function operand(value: Value): string {
  if (isExpression(value)) return value[COMPOUND] ? `(${sourceOf(value)})` : sourceOf(value);
  const text = value === undefined ? undefined : JSON.stringify(value);
  if (text === undefined) throw new DefineError(`A ${typeof value} cannot stand in an expression.`);
  return text;
}

/**
 * A text with values of a run in it.
 *
 * @example text`Hello, ${input.name}!` // Hello, ${{ input.name }}!
 */
export function text(parts: TemplateStringsArray, ...values: Value[]): string {
  return parts
    .map((part, i) => `${part.replaceAll('${{', "${{ '${{' }}")}${i < values.length ? embedded(values[i]) : ''}`)
    .join('');
}

function embedded(value: Value): string {
  if (isExpression(value)) return `\${{ ${sourceOf(value)} }}`;
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw new DefineError(
    `A text can hold expressions, texts, numbers and booleans, not ${JSON.stringify(value) ?? typeof value}.`,
  );
}

/** The same reference, whose next field is read with `?.`, because it may be null. */
export const maybe = (value: Expression): Expression => reference(sourceOf(value), '?');

/** The element that a data node such as `filter` looks at, and its number from 0. */
export const item = reference('item');
export const index = reference('index');

/** Defines a graph: `build` adds its nodes and returns its output. The result is the document. */
export function defineGraph(head: Fields, build: (graph: Body) => Value): Fields {
  const content = contentOf(build, {});
  return { blok: 1, ...(plain(head, '') as Fields), ...content };
}

/** What adds nodes to a body, and the names that are in scope there. Authors see it with the types of the catalogue. */
type Body = Fields & {
  node(id: string, node: Fields): Handle;
  forEach(id: string, node: Fields, build: (body: never) => Value): Handle;
  while(id: string, node: Fields, build: (body: never) => Value): Handle;
  race(id: string, node: Fields, build: (body: never) => void): Handle;
  try(id: string, node: Fields, build: (body: never) => Value, lanes: TryLanes): Handle;
  agent(id: string, node: Fields, build: (body: never) => void): Handle;
};

/** The nodes and the output that a function builds. */
function contentOf(build: (graph: Body) => Value, more: Fields): Fields {
  const nodes: Fields = {};

  const output = build(bodyOf(nodes, more));
  return { nodes, ...(output === undefined ? {} : { output: plain(output, '/output') }) };
}

/** A body without nodes. What is built with it goes into `nodes`. */
function bodyOf(nodes: Fields, more: Fields): Body {
  const add = (id: string, node: Fields): Handle => {
    if (Object.hasOwn(nodes, id)) throw new DefineError(`Two nodes are called ${id}.`);
    nodes[id] = plain(node, `/nodes/${id}`);
    return handleOf(id);
  };
  const inner = (build: (body: never) => Value, names: Fields = {}): Fields =>
    contentOf(build as (graph: Body) => Value, { ...more, ...names });
  return {
    ...(Object.fromEntries(
      ['input', 'vars', 'trigger', 'run', 'now'].map((name) => [name, reference(name)]),
    ) as Fields),
    ...more,
    node: (id: string, node: Fields) => add(id, node),
    forEach: (id: string, node: Fields, build: (body: never) => Value) =>
      add(id, { uses: 'forEach', ...node, ...inner(build, loopNames(id, 'item')) }),
    while: (id: string, node: Fields, build: (body: never) => Value) =>
      add(id, { uses: 'while', ...node, ...inner(build, loopNames(id, 'state')) }),
    race: (id: string, node: Fields, build: (body: never) => void) =>
      add(id, { uses: 'race', ...node, ...inner(build) }),
    agent: (id: string, node: Fields, build: (body: never) => void) => {
      const { nodes: tools } = inner(build, { item: reference(`loops.${id}.item`) });
      return add(id, { uses: 'ai.agent', ...node, nodes: tools });
    },
    try: (id: string, node: Fields, build: (body: never) => Value, lanes: TryLanes) => {
      const names = { error: reference('error') };
      const { if: guard, ...handler } = lanes.catch ?? {};
      return add(id, {
        uses: 'try',
        ...node,
        ...inner(build),
        ...(handler.body && {
          catch: { ...(guard === undefined ? {} : { if: guard }), ...inner(handler.body, names) },
        }),
        ...(lanes.finally && { finally: { nodes: inner(lanes.finally, names).nodes } }),
      });
    },
  };
}

/** What a `try` does when its body has failed, and when it is over. */
interface TryLanes {
  readonly catch?: { readonly if?: Value; readonly body?: (body: never) => Value };
  readonly finally?: (body: never) => void;
}

/** By the loop's own id, so that the names are right in loops inside it, too. */
const loopNames = (id: string, what: 'item' | 'state'): Fields => ({
  [what]: reference(`loops.${id}.${what}`),
  index: reference(`loops.${id}.index`),
});

const handleOf = (id: string): Handle => ({
  id,
  link: id,
  output: reference(`nodes.${id}`),
  error: reference(`errors.${id}`),
  on: (port) => ({ link: `${id}.${port}` }),
});

/** A value as the document holds it: expressions as text, links as text, fields that are undefined left out. */
function plain(value: Value, at: string): Value {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
  if (isExpression(value)) return `\${{ ${sourceOf(value)} }}`;
  if (Array.isArray(value)) return value.map((entry, i) => plain(entry, `${at}/${i}`));
  if (
    typeof value === 'object' &&
    (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)
  ) {
    const { link } = value as Partial<Link>;
    if (typeof link === 'string' && /\/needs\/\d+$/.test(at)) return link;
    if (typeof (value as Partial<Handle>).on === 'function')
      throw new DefineError(`${at}: a node is no value. Write .output for what it yields.`);
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== undefined)
        .map(([key, inner]) => [key, plain(inner, `${at}/${key}`)]),
    );
  }
  throw new DefineError(`${at}: a ${kindOf(value)} cannot stand in a graph, which is JSON.`);
}

function kindOf(value: Value): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return value.constructor?.name ?? 'object';
}

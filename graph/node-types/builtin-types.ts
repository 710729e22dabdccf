import { dataNodeTypes } from '../data/index.ts';
import { splitUses } from '../document/names.ts';
import { ERROR_CODE_PATTERN } from '../error-code.ts';
import type { JsonSchema } from '../json.ts';
import { AGENT, agentParameters } from './agent-type.ts';
import { condition, duration, parameters } from './parameter-schema.ts';

/** A node type the interpreter itself runs. */
export interface BuiltinType {
  readonly kind: 'container' | 'control' | 'wait' | 'data';
  /** One line for people. */
  readonly description: string;
  /** Schema of `with`, of the resolved values. */
  readonly with: JsonSchema;
  /** Named ports instead of `out`; `computed`: see `portsOf`. */
  readonly ports?: readonly string[] | 'computed';
  /** Parameters whose expressions are evaluated for each element, with `item` and `index`. */
  readonly perElement?: readonly string[];
}

const text: JsonSchema = { type: 'string' };
const describe = (description: string, schema: JsonSchema): JsonSchema => ({ ...schema, description });

const containers: Record<string, BuiltinType> = {
  forEach: {
    kind: 'container',
    description: 'Runs its body for each item of a list.',
    with: parameters(
      {
        items: describe('The list.', { type: 'array' }),
        concurrency: describe('How many items at a time; 1 if not given.', {
          type: 'integer',
          minimum: 1,
          maximum: 1000,
        }),
        batch: describe('Take this many items at a time: `item` is then a list.', { type: 'integer', minimum: 1 }),
        onItemError: describe('`fail` the loop, or `continue` with the other items.', { enum: ['fail', 'continue'] }),
      },
      ['items'],
    ),
  },
  while: {
    kind: 'container',
    description: 'Runs its body again and again as long as `test` holds; the output of the body is the next `state`.',
    with: parameters(
      {
        state: describe('The first `state`.', {}),
        test: describe('Read before each round; sees `state` and `index`.', condition),
        max: describe('Most rounds, 1000 if not given, or `unlimited`.', {
          anyOf: [{ type: 'integer', minimum: 1 }, { const: 'unlimited' }],
        }),
      },
      ['test'],
    ),
  },
  race: {
    kind: 'container',
    description: 'Runs its branches side by side; the first end node that succeeds wins, the others are cancelled.',
    with: parameters({}),
    ports: 'computed',
  },
  try: { kind: 'container', description: 'Runs its body with `catch` and `finally`.', with: parameters({}) },
  [AGENT]: {
    kind: 'container',
    description: 'A model that uses tools until it has an answer: the nodes of its body, and MCP servers.',
    with: agentParameters,
  },
};

const controls: Record<string, BuiltinType> = {
  if: {
    kind: 'control',
    description: 'Goes on by `true` or `false`.',
    with: parameters({ test: describe('The condition.', condition) }, ['test']),
    ports: ['true', 'false'],
  },
  switch: {
    kind: 'control',
    description: 'Goes on by the port of the first case that matches, else by `default`.',
    with: parameters(
      {
        value: describe('What `is` is compared with.', {}),
        cases: describe('The cases, in order.', {
          type: 'array',
          minItems: 1,
          items: parameters(
            {
              port: describe('Port to leave by.', text),
              is: describe('One constant, or a list of them.', {}),
              when: describe('A condition.', condition),
            },
            ['port'],
          ),
        }),
      },
      ['cases'],
    ),
    ports: 'computed',
  },
  respond: {
    kind: 'control',
    description: 'Answers a waiting caller; the run goes on.',
    with: parameters({
      status: describe('HTTP status, 200 if not given.', { type: 'integer', minimum: 200, maximum: 599 }),
      headers: describe('HTTP headers.', { type: 'object', additionalProperties: { type: ['string', 'number'] } }),
      body: describe('Body: a text as it is, anything else as JSON.', {}),
      file: describe('The body, as a reference to a file that a node or the trigger gave.', {
        type: 'object',
        properties: { sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' }, contentType: { type: 'string' } },
        required: ['sha256'],
      }),
    }),
  },
  stop: {
    kind: 'control',
    description: 'Ends the run as succeeded.',
    with: parameters({ output: describe('Output of the run.', {}) }),
    ports: [],
  },
  fail: {
    kind: 'control',
    description: 'Fails with an error of your own.',
    with: parameters(
      {
        code: describe('Dotted words, such as `order.rejected`.', {
          type: 'string',
          pattern: ERROR_CODE_PATTERN,
        }),
        message: describe('What went wrong.', text),
        details: describe('Any data.', {}),
      },
      ['message'],
    ),
    ports: [],
  },
};

const waits: Record<string, BuiltinType> = {
  wait: {
    kind: 'wait',
    description: 'Waits for a duration or until a time.',
    with: parameters({
      for: describe('A duration.', duration),
      until: describe('An ISO time; if it is in the past, the run goes on at once.', text),
    }),
  },
  waitForEvent: {
    kind: 'wait',
    description: 'Waits for an event.',
    with: parameters(
      {
        event: describe('Name of the event.', { type: 'string', minLength: 1, maxLength: 200 }),
        key: describe('Only an event with this key, compared as text.', {}),
      },
      ['event'],
    ),
  },
  approval: {
    kind: 'wait',
    description: 'Waits for a person to decide.',
    with: parameters(
      {
        to: describe('Who may decide: `role:name` or `user:address`.', {
          type: 'array',
          minItems: 1,
          items: { type: 'string', pattern: '^(role|user):.+$' },
        }),
        title: describe('What is to be decided.', { ...text, minLength: 1 }),
        message: describe('More about it.', text),
        form: describe('JSON Schema of the values to fill in.', { type: 'object' }),
      },
      ['to', 'title'],
    ),
    ports: ['approved', 'rejected'],
  },
};

const data: Record<string, BuiltinType> = Object.fromEntries(
  Object.entries(dataNodeTypes).map(([type, { params }]) => [
    type,
    {
      kind: 'data' as const,
      description: 'Computes with data; no effect.',
      with: parameters(
        Object.fromEntries(Object.entries(params).map(([name, { schema }]) => [name, schema])),
        Object.keys(params).filter((name) => params[name]?.required),
      ),
      perElement: Object.keys(params).filter((name) => params[name]?.perElement),
    },
  ]),
);

/** Containers, control and data nodes by the word in `uses`. Effects are in the catalogue. */
export const BUILTIN_TYPES: ReadonlyMap<string, BuiltinType> = new Map(
  Object.entries({ ...containers, ...controls, ...waits, ...data }),
);

/** The built-in type of a `uses`. Built-in types have no versions of their own, so only `@1` can be asked for. */
export function builtinType(uses: string): BuiltinType | undefined {
  const { type, major } = splitUses(uses);
  return major === null || major === 1 ? BUILTIN_TYPES.get(type) : undefined;
}

import type { JsonSchema } from '../../graph/json.ts';
import { connectionFits } from '../../graph/node-types/context.ts';
import type { NodeType } from '../define.ts';
import type { ConnectionType } from '../define-connection.ts';
import { describeNode, jsonSchema } from '../describe.ts';
import { connectionTypes } from '../index.ts';

/**
 * What is wrong with the definition of a node, in words for its author. Empty: nothing.
 *
 * @param own connection types that come with the node
 */
export function nodeProblems(node: NodeType, own: readonly ConnectionType[] = []): string[] {
  const known = [...connectionTypes(), ...own];
  return [
    ...named(node),
    ...timed(node),
    ...described(node),
    ...exemplified(node),
    ...connected(node, known),
    ...offered(node),
  ];
}

/** Paths of fields without a description, nested ones included. */
export function undescribed(schema: JsonSchema, path: string): string[] {
  const variants = ((schema.oneOf ?? schema.anyOf ?? []) as JsonSchema[]).flatMap((variant) =>
    undescribed(variant, path),
  );
  const items = schema.type === 'array' ? undescribed((schema.items ?? {}) as JsonSchema, `${path}[]`) : [];
  const fields = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([name, field]) => [
    ...(field.description || field.const !== undefined ? [] : [`${path}.${name}`]),
    ...undescribed(field, `${path}.${name}`),
  ]);
  return [...variants, ...items, ...fields];
}

function* named({ type, version, title, description }: NodeType): Generator<string> {
  if (!/^[a-z][a-z0-9]*\.[a-z][A-Za-z0-9]*$/.test(type)) yield `"${type}" is not a name like provider.verbNoun.`;
  if (!/^[1-9]\d*\.\d+\.\d+$/.test(version)) yield `"${version}" is not a version like 1.0.0.`;
  if (!/^[A-Z].{2,60}$/.test(title))
    yield `The title "${title}" should be 3 to 61 characters and begin with a capital.`;
  if (description.length <= 40 || !description.endsWith('.')) {
    yield 'The description should be a whole sentence of more than 40 characters.';
  }
}

function* timed(node: NodeType): Generator<string> {
  const { effect, retry, timeoutMs } = describeNode(node);
  if (!['read', 'idempotent', 'at-least-once', 'exactly-once'].includes(effect))
    yield `No effect is called "${effect}".`;
  if (retry.maxAttempts < 1 || retry.maxAttempts > 20) yield 'retry.maxAttempts should be 1 to 20.';
  if (retry.attemptTimeoutMs <= 0 || retry.attemptTimeoutMs > timeoutMs) {
    yield 'retry.attemptTimeout should be positive, and at most the timeout of the node.';
  }
  if (retry.delayMs < 100 || retry.delayMs > retry.maxDelayMs) {
    yield 'retry.delay should be at least 100ms, and at most retry.maxDelay.';
  }
  if (retry.factor < 1 || retry.factor > 10) yield 'retry.factor should be 1 to 10.';
  for (const code of retry.giveUpOn) {
    if (!/^[a-zA-Z][\w.]*\*?$/.test(code)) yield `"${code}" in retry.giveUpOn is no error code.`;
  }
}

function* described(node: NodeType): Generator<string> {
  const { input, output } = describeNode(node);
  for (const field of [...undescribed(input, 'input'), ...undescribed(output, 'output')]) {
    yield `${field} has no description.`;
  }
  const unknown = { ...(node.examples[0]?.with as object), notAParameter: 1 };
  if (input.additionalProperties !== false || node.input.safeParse(unknown).success) {
    yield 'It takes parameters that it does not know: make "input" a z.strictObject.';
  }
}

function* exemplified({ examples, input }: NodeType): Generator<string> {
  if (examples.length === 0) yield 'It has no example.';
  for (const { title, with: parameters } of examples) {
    if (!/^[A-Z]/.test(title)) yield `The title of the example "${title}" should begin with a capital.`;
    const [issue] = input.safeParse(parameters).error?.issues ?? [];
    if (issue) yield `The example "${title}" does not parse: ${issue.path.join('.')}: ${issue.message}.`;
  }
}

function* connected({ connection }: NodeType, known: readonly ConnectionType[]): Generator<string> {
  if (connection && !known.some(({ type }) => connectionFits(connection.type, type))) {
    yield `It takes a connection of type ${connection.type}, which does not exist.`;
  }
}

function* offered({ options = {}, fields, input }: NodeType): Generator<string> {
  const properties = (jsonSchema(input, 'input').properties ?? {}) as Record<string, JsonSchema>;
  for (const field of Object.keys(options)) {
    if (!(field in properties)) yield `It has options for "${field}", which is no parameter.`;
    // Whatever is offered, an author may type something else.
    else if (properties[field]!.enum) yield `"${field}" has options and an enum: a typed value must be taken, too.`;
  }
  if (fields && !('fields' in properties)) yield 'It loads fields, but has no parameter "fields".';
}

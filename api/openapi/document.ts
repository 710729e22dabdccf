import { z } from 'zod';
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from '../http/problem.ts';
import type { BodyKind, Route } from '../http/route.ts';

type Schema = Record<string, unknown>;

/** Problems that any endpoint may answer with. */
const ALWAYS: readonly ProblemCode[] = ['request.invalid', 'internal', 'postgres.unavailable'];

/** The OpenAPI 3.1 document of these endpoints, made from the same schemas that check requests. */
export function openapiDocument(routes: readonly Route[], info: { version: string }): object {
  const components: Record<string, Schema> = { Problem: problemSchema };
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method] = operation(route, components);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Blok',
      version: info.version,
      description: 'Durable workflows: publish graphs, start runs, follow them. Errors are problems (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The server that serves this document.' }],
    paths,
    components: { schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
}

function operation(route: Route, components: Record<string, Schema>): object {
  const schema = (of: z.ZodType, io: 'input' | 'output') => toSchema(of, io, components);
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.path.replace(/^\/api/, '').split('/')[1]],
    'x-permission': 'permission' in route.access ? route.access.permission : null,
    parameters: [
      ...parameters('path', route.params, components),
      ...parameters('query', route.query, components),
      ...parameters('header', route.headers, components),
    ],
    ...(route.body && {
      requestBody: { required: true, content: content(route.bodyKind ?? 'json', schema(route.body, 'input')) },
    }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, answer]) => [
          status,
          {
            description: answer.description,
            ...(answer.headers && { headers: answerHeaders(answer.headers) }),
            content: {
              ...(answer.schema && { 'application/json': { schema: schema(answer.schema, 'output') } }),
              ...(answer.bytes && { 'application/octet-stream': {} }),
              ...(!answer.schema && !answer.texts && !answer.bytes && { 'text/html': TEXT }),
              ...Object.fromEntries((answer.texts ?? []).map((type) => [type, TEXT])),
            },
          },
        ]),
      ),
      ...problemResponses([
        ...route.problems,
        ...('permission' in route.access ? (['access.denied'] as const) : []),
        ...ALWAYS,
        ...(route.body ? BODY_PROBLEMS : []),
      ]),
    },
  };
}

const TEXT = { schema: { type: 'string' } };

const answerHeaders = (headers: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(headers).map(([name, description]) => [name, { description, ...TEXT }]));

const BODY_PROBLEMS: readonly ProblemCode[] = [
  'body.invalid',
  'body.tooLarge',
  'body.type',
  'origin.refused',
  'request.timeout',
  'server.busy',
];

function content(kind: BodyKind, schema: Schema): object {
  return {
    'application/json': { schema },
    ...(kind === 'graph' && { 'application/yaml': { schema: { type: 'string', description: 'The graph itself.' } } }),
    ...(typeof kind === 'object' && Object.fromEntries(kind.types.map((type) => [type, {}]))),
  };
}

function parameters(
  where: 'path' | 'query' | 'header',
  of: z.ZodType | undefined,
  components: Record<string, Schema>,
): object[] {
  if (!of) return [];
  const { properties = {}, required = [] } = toSchema(of, 'input', components) as {
    properties?: Record<string, Schema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: where,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

/** One response for each status, naming the codes it may carry. */
function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  const byStatus = new Map<number, Set<string>>();
  for (const code of codes) {
    const [status] = PROBLEMS[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(`\`${code}\`: ${PROBLEMS[code][1]}.`));
  }
  return Object.fromEntries(
    [...byStatus].map(([status, lines]) => [
      status,
      {
        description: [...lines].join('\n'),
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** A JSON Schema whose named parts are components of the document. */
function toSchema(of: z.ZodType, io: 'input' | 'output', components: Record<string, Schema>): Schema {
  const {
    $schema: _,
    $defs = {},
    ...schema
  } = z.toJSONSchema(of, { io, reused: 'inline', unrepresentable: 'any' }) as Schema & {
    $defs?: Record<string, Schema>;
  };
  for (const [name, { id: _id, ...part }] of Object.entries($defs)) add(name, relink(part) as Schema, components);
  return hoist(relink(schema) as Schema, components);
}

/** A schema that is itself a named part becomes a reference to it. */
function hoist(schema: Schema, components: Record<string, Schema>): Schema {
  const { id } = schema;
  if (typeof id !== 'string') return schema;
  const { id: _, ...rest } = schema;
  add(id, rest, components);
  return { $ref: `#/components/schemas/${id}` };
}

/** @throws Error for two schemas of one name, of which one would be described as the other */
function add(name: string, schema: Schema, components: Record<string, Schema>): void {
  const known = components[name];
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`Two schemas are called ${name}.`);
  components[name] = schema;
}

/** Points references at the components of the document. */
function relink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relink);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [
      key,
      key === '$ref' && typeof entry === 'string' ? entry.replace('#/$defs/', '#/components/schemas/') : relink(entry),
    ]),
  );
}

const problemSchema: Schema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong, where, and how to fix it.' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    problems: {
      type: 'array',
      description: 'All that is wrong with the graph, or with the input.',
      items: { $ref: '#/components/schemas/GraphProblem' },
    },
    current: { type: ['object', 'null'], description: 'What is there now, if the request expected something else.' },
    instance: { type: 'string', description: 'Id of the request, as in the log and in the header x-request-id.' },
  },
};

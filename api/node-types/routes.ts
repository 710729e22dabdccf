import { z } from 'zod';
import { defineRoute } from '../http/route.ts';
import { listNodeTypes } from './list.ts';

const schemaOf = (what: string) =>
  z.record(z.string(), z.unknown()).optional().describe(`${what} Left out of the slim list.`);

const shown = {
  type: z.string(),
  title: z.string(),
  description: z.string(),
  category: z.string().describe('Group of a palette.'),
  icon: z.string().describe('Name of an icon of Lucide.'),
  docs: z.string().describe('Where its documentation is, in the project.'),
};

const examples = z.array(z.object({ title: z.string(), with: z.unknown() })).optional();

const nodeType = z
  .looseObject({
    ...shown,
    version: z.string(),
    effect: z.enum(['read', 'idempotent', 'at-least-once', 'exactly-once']),
    ports: z.array(z.string()).describe('By which it leaves when it succeeds.'),
    input: schemaOf('JSON Schema of its parameters.'),
    output: schemaOf('JSON Schema of its output.'),
    examples,
  })
  .meta({ id: 'NodeType' });

const builtinType = z
  .looseObject({
    ...shown,
    kind: z.enum(['container', 'control', 'wait', 'data']),
    ports: z
      .union([z.array(z.string()), z.literal('computed')])
      .describe('By which it leaves when it succeeds; `computed`: the node itself names them.'),
    input: schemaOf('JSON Schema of its parameters.'),
  })
  .meta({ id: 'BuiltinType' });

const triggerType = z
  .looseObject({
    ...shown,
    with: schemaOf('JSON Schema of its parameters.'),
    brings: schemaOf('JSON Schemas of the fields it adds to `trigger`.'),
    examples,
  })
  .meta({ id: 'TriggerType' });

export const nodeTypeRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/node-types',
    id: 'listNodeTypes',
    access: { permission: 'catalogue:read', of: 'catalogue' },
    summary: 'Lists the node types a graph may use, the words of the language, and the triggers.',
    query: z.strictObject({
      view: z
        .enum(['full', 'slim'])
        .optional()
        .describe('`slim`: only what a palette shows, without schemas, examples and notes. Default: `full`.'),
    }),
    responses: {
      200: {
        description: 'All of them, by type.',
        schema: z.object({ items: z.array(nodeType), builtin: z.array(builtinType), triggers: z.array(triggerType) }),
      },
    },
    problems: [],
    handle: async (ctx, { query }) => ({ status: 200, body: listNodeTypes(ctx, { slim: query.view === 'slim' }) }),
  }),
] as const;

import { z } from 'zod';
import type { NodeFacts } from '../../graph/catalogue.ts';
import type { Context } from '../context.ts';
import { defineRoute, type Route } from '../http/route.ts';

const nodeType = z
  .looseObject({
    type: z.string(),
    version: z.string(),
    title: z.string(),
    effect: z.enum(['read', 'idempotent', 'at-least-once', 'exactly-once']),
    input: z.record(z.string(), z.unknown()).describe('JSON Schema of its parameters.'),
    output: z.record(z.string(), z.unknown()).describe('JSON Schema of its output.'),
  })
  .meta({ id: 'NodeType' });

/** Facts of every node type of the catalogue, by type. */
function listNodeTypes(ctx: Context): { items: NodeFacts[] } {
  return { items: [...ctx.catalogue.values()].sort((a, b) => (a.type < b.type ? -1 : 1)) };
}

export const nodeTypeRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/node-types',
    id: 'listNodeTypes',
    summary: 'Lists the node types a graph may use.',
    responses: { 200: { description: 'All of them.', schema: z.object({ items: z.array(nodeType) }) } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: listNodeTypes(ctx) }),
  }),
];

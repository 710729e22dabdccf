import { z } from 'zod';
import type { NodeFacts, ProviderTriggerFacts } from '../../graph/catalogue.ts';
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

const triggerType = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    description: z.string(),
    with: z.record(z.string(), z.unknown()).describe('JSON Schema of its parameters.'),
    brings: z.record(z.string(), z.unknown()).describe('JSON Schemas of the fields it adds to `trigger`.'),
  })
  .meta({ id: 'TriggerType' });

/** Facts of every node type of the catalogue, and of the triggers of providers, by type. */
function listNodeTypes({ catalogue }: Context): { items: NodeFacts[]; triggers: ProviderTriggerFacts[] } {
  const byType = <T extends { readonly type: string }>(facts: Iterable<T> = []): T[] =>
    [...facts].sort((a, b) => (a.type < b.type ? -1 : 1));
  return { items: byType(catalogue.values()), triggers: byType(catalogue.triggers?.values()) };
}

export const nodeTypeRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/node-types',
    id: 'listNodeTypes',
    access: { permission: 'catalogue:read', of: 'catalogue' },
    summary: 'Lists the node types a graph may use, and the triggers of providers.',
    responses: {
      200: {
        description: 'All of them.',
        schema: z.object({ items: z.array(nodeType), triggers: z.array(triggerType) }),
      },
    },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: listNodeTypes(ctx) }),
  }),
];

import { strictQuery } from '../http/graph-problem.ts';
import { defineRoute } from '../http/route.ts';
import { graphBody } from '../publishing/schema.ts';
import { verdict } from './schema.ts';
import { validate } from './validate.ts';

export const validateRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/validate',
    id: 'validateGraph',
    access: { permission: 'workflow:read', of: 'catalogue' },
    summary: 'Checks a graph without publishing it.',
    query: strictQuery(),
    body: graphBody,
    bodyKind: 'graph',
    responses: { 200: { description: 'What is wrong with it, if anything.', schema: verdict } },
    problems: [],
    handle: async (ctx, { query, body }) => ({ status: 200, body: await validate(ctx, { ...body, ...query }) }),
  }),
] as const;

import { defineRoute } from '../http/route.ts';
import { getStatistics } from './get.ts';
import * as wire from './schema.ts';

export const statisticsRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/stats',
    id: 'getStatistics',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Says how runs ended and how long they took, by hour or day, and which nodes are slow or fail.',
    query: wire.statisticsQuery,
    responses: { 200: { description: 'The statistics.', schema: wire.statistics } },
    problems: [],
    handle: async (ctx, { query }) => ({ status: 200, body: await getStatistics(ctx, query) }),
  }),
] as const;

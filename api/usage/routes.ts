import { defineRoute } from '../http/route.ts';
import { listCalls } from './calls.ts';
import { getUsage } from './get.ts';
import * as wire from './schema.ts';

export const usageRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/usage',
    id: 'getUsage',
    access: { permission: 'usage:read', of: 'usage' },
    summary: 'Sums up what calls to models used and cost, by day, workflow, model or connection.',
    query: wire.usageQuery,
    responses: { 200: { description: 'Sums by group, and in all.', schema: wire.usage } },
    problems: [],
    handle: async (ctx, { query }) => ({ status: 200, body: await getUsage(ctx, query) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/usage/calls',
    id: 'listModelCalls',
    access: { permission: 'usage:read', of: 'usage' },
    summary: 'Lists single calls to models, the newest first: one for each attempt, failed ones included.',
    query: wire.callsQuery,
    responses: { 200: { description: 'A page of calls.', schema: wire.calls } },
    problems: [],
    handle: async (ctx, { query }) => ({ status: 200, body: await listCalls(ctx, query) }),
  }),
] as const;

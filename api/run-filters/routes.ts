import { deleteFilter, listFilters } from '../../db/index.ts';
import { ApiProblem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { saveFilter } from './put.ts';
import * as wire from './schema.ts';

export const filterRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/run-filters',
    id: 'listRunFilters',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Lists the saved filters of the list of runs, by name.',
    responses: { 200: { description: 'All of them.', schema: wire.filterList } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: { items: await ctx.tenant(listFilters) } }),
  }),
  defineRoute({
    method: 'put',
    path: '/api/run-filters/:name',
    id: 'saveRunFilter',
    access: { permission: 'run:control', of: 'run' },
    summary: 'Saves a filter of the list of runs under a name, in place of the one before.',
    params: wire.filterParams,
    body: wire.filterBody,
    responses: { 200: { description: 'It is saved.', schema: wire.savedFilter } },
    problems: ['filter.tooMany'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await saveFilter(ctx, { ...params, ...body, author: principal.id }),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/api/run-filters/:name',
    id: 'deleteRunFilter',
    access: { permission: 'run:control', of: 'run' },
    summary: 'Deletes a saved filter.',
    params: wire.filterParams,
    responses: { 200: { description: 'It is deleted.', schema: wire.filterParams } },
    problems: ['filter.notFound'],
    handle: async (ctx, { params }) => {
      if (await ctx.tenant((tx) => deleteFilter(tx, params))) return { status: 200, body: params };
      throw new ApiProblem('filter.notFound', `No filter is saved as "${params.name}".`);
    },
  }),
] as const;

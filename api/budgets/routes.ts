import { deleted } from '../http/fields.ts';
import { defineRoute } from '../http/route.ts';
import { deleteBudget } from './delete.ts';
import { getBudget } from './get.ts';
import { listBudgets } from './list.ts';
import { putBudget } from './put.ts';
import * as wire from './schema.ts';

const PATH = '/api/budgets';

export const budgetRoutes = [
  defineRoute({
    method: 'get',
    path: PATH,
    id: 'listBudgets',
    access: { permission: 'usage:read', of: 'budget' },
    summary: 'Lists the budgets for calls to models, with what is spent.',
    responses: { 200: { description: 'All of them, by name.', schema: wire.budgetList } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: await listBudgets(ctx) }),
  }),
  defineRoute({
    method: 'get',
    path: `${PATH}/:name`,
    id: 'getBudget',
    access: { permission: 'usage:read', of: 'budget' },
    summary: 'Shows a budget, with what is spent.',
    params: wire.budgetParams,
    responses: { 200: { description: 'The budget.', schema: wire.budget } },
    problems: ['budget.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await getBudget(ctx, params) }),
  }),
  defineRoute({
    method: 'put',
    path: `${PATH}/:name`,
    id: 'setBudget',
    access: { permission: 'budget:write', of: 'budget' },
    summary: 'Sets a budget for calls to models. What was spent before counts, and running calls are not stopped.',
    params: wire.budgetParams,
    body: wire.budgetBody,
    responses: { 200: { description: 'It is set.', schema: wire.budget } },
    problems: ['budget.tooMany'],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await putBudget(ctx, { ...params, ...body }) }),
  }),
  defineRoute({
    method: 'delete',
    path: `${PATH}/:name`,
    id: 'deleteBudget',
    access: { permission: 'budget:write', of: 'budget' },
    summary: 'Removes a budget.',
    params: wire.budgetParams,
    responses: { 200: { description: 'It is removed.', schema: deleted() } },
    problems: ['budget.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await deleteBudget(ctx, params) }),
  }),
] as const;

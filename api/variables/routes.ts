import { defineRoute, type Route } from '../http/route.ts';
import { putVariable } from './put.ts';
import * as wire from './schema.ts';

export const variableRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/api/vars/:name',
    id: 'setVariable',
    access: { permission: 'variable:write', of: 'variable' },
    summary:
      'Sets a variable for all workflows of the workspace. Variables are not secret: use a connection for secrets.',
    params: wire.variableParams,
    body: wire.variableBody,
    responses: { 200: { description: 'It is set.', schema: wire.variable } },
    problems: [],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await putVariable(ctx, { ...params, ...body }) }),
  }),
  defineRoute({
    method: 'put',
    path: '/api/workflows/:workflow/vars/:name',
    id: 'setWorkflowVariable',
    access: { permission: 'variable:write', of: 'variable' },
    summary: 'Sets a variable for one workflow.',
    params: wire.workflowVariableParams,
    body: wire.variableBody,
    responses: { 200: { description: 'It is set.', schema: wire.variable } },
    problems: [],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await putVariable(ctx, { ...params, ...body }) }),
  }),
];

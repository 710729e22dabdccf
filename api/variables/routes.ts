import { deleted } from '../http/fields.ts';
import { defineRoute } from '../http/route.ts';
import { removeVariable } from './delete.ts';
import { listVariables, listWorkflowVariables } from './list.ts';
import { putVariable } from './put.ts';
import * as wire from './schema.ts';

export const variableRoutes = [
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
  defineRoute({
    method: 'get',
    path: '/api/vars',
    id: 'listVariables',
    access: { permission: 'variable:read', of: 'variable' },
    summary: 'Lists the variables of the workspace.',
    responses: { 200: { description: 'All of them, by name.', schema: wire.variableList } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: await listVariables(ctx) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/api/vars/:name',
    id: 'deleteVariable',
    access: { permission: 'variable:write', of: 'variable' },
    summary: 'Removes a variable of the workspace.',
    params: wire.variableParams,
    responses: { 200: { description: 'It is removed.', schema: deleted() } },
    problems: ['variable.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await removeVariable(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows/:workflow/vars',
    id: 'listWorkflowVariables',
    access: { permission: 'variable:read', of: 'variable' },
    summary: 'Lists the variables of a workflow: what a run that starts now sees, and where each value comes from.',
    params: wire.workflowParams,
    responses: { 200: { description: 'All of them, by name.', schema: wire.effectiveVariables } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await listWorkflowVariables(ctx, params) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/api/workflows/:workflow/vars/:name',
    id: 'deleteWorkflowVariable',
    access: { permission: 'variable:write', of: 'variable' },
    summary: 'Removes a variable of one workflow: what the workspace or the graph says counts again.',
    params: wire.workflowVariableParams,
    responses: { 200: { description: 'It is removed.', schema: deleted() } },
    problems: ['variable.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await removeVariable(ctx, params) }),
  }),
] as const;

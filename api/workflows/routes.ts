import { strictQuery } from '../http/graph-problem.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { getWorkflow } from './get.ts';
import { listWorkflows } from './list.ts';
import { publish } from './publish.ts';
import * as wire from './schema.ts';

export const workflowRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/api/workflows/:name',
    id: 'publishWorkflow',
    access: { permission: 'workflow:publish', of: 'workflow' },
    summary: 'Publishes a graph as a new version of a workflow.',
    params: wire.workflowParams,
    query: strictQuery(),
    body: wire.publishBody,
    bodyKind: 'graph',
    responses: {
      200: { description: 'The published version already has this graph.', schema: wire.published },
      201: { description: 'A new version.', schema: wire.published },
    },
    problems: ['graph.invalid'],
    handle: (ctx, { params, query, body }) => publish(ctx, { ...params, ...query, ...body }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows',
    id: 'listWorkflows',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Lists the workflows.',
    responses: { 200: { description: 'All of them, by name.', schema: wire.workflowList } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: await listWorkflows(ctx) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows/:name',
    id: 'getWorkflow',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Returns a version of a workflow with its graph.',
    params: wire.workflowParams,
    query: wire.versionQuery,
    responses: { 200: { description: 'The version.', schema: wire.workflow } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await getWorkflow(ctx, { ...params, ...query }) }),
  }),
];

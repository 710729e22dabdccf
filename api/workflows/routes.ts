import { listFolders, listTags } from '../../db/index.ts';
import { deleted } from '../http/fields.ts';
import { preconditionHeaders, preconditionsOf } from '../http/preconditions.ts';
import { defineRoute } from '../http/route.ts';
import { versionEtag } from '../publishing/etag.ts';
import { publishGraph } from '../publishing/publish-graph.ts';
import { publishBody, published, publishQuery } from '../publishing/schema.ts';
import { version } from '../versions/schema.ts';
import { showVersion } from '../versions/show.ts';
import { deleteWorkflow } from './delete.ts';
import { duplicate } from './duplicate.ts';
import { changeWorkflow } from './file.ts';
import { listWorkflows } from './list.ts';
import * as wire from './schema.ts';

const ETAG = { etag: 'What is published, for If-Match.' };

export const workflowRoutes = [
  defineRoute({
    method: 'put',
    path: '/api/workflows/:name',
    id: 'publishWorkflow',
    access: { permission: 'workflow:publish', of: 'workflow' },
    summary: 'Publishes a graph as a new version of a workflow.',
    params: wire.workflowParams,
    query: publishQuery,
    headers: preconditionHeaders(),
    body: publishBody,
    bodyKind: 'graph',
    responses: {
      200: { description: 'The published version already has this graph.', schema: published, headers: ETAG },
      201: { description: 'A new version.', schema: published, headers: ETAG },
    },
    problems: ['graph.invalid', 'tests.missing', 'tests.failed', 'version.changed', 'workflow.archived'],
    handle: (ctx, { params, query, headers, body, principal }) =>
      publishGraph(ctx, { ...params, ...query, ...body, ...preconditionsOf(headers), author: principal.id }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows',
    id: 'listWorkflows',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Lists and finds workflows, by name.',
    query: wire.listQuery,
    responses: { 200: { description: 'A page of them.', schema: wire.workflowList } },
    problems: [],
    handle: async (ctx, { query }) => ({ status: 200, body: await listWorkflows(ctx, query) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows/:name',
    id: 'getWorkflow',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Returns a version of a workflow with its graph.',
    params: wire.workflowParams,
    query: wire.versionQuery,
    responses: { 200: { description: 'The version.', schema: version, headers: ETAG } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params, query }) => {
      const body = await showVersion(ctx, { ...params, ...query });
      return { status: 200, body, headers: { etag: versionEtag(body.version) } };
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/api/workflows/:name',
    id: 'changeWorkflow',
    access: { permission: 'workflow:write', of: 'workflow' },
    summary: 'Changes the label, folder or tags of a workflow, or archives it.',
    params: wire.workflowParams,
    body: wire.changeBody,
    responses: { 200: { description: 'The workflow as it is now.', schema: wire.workflowEntry } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await changeWorkflow(ctx, { ...params, ...body }) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/api/workflows/:name',
    id: 'deleteWorkflow',
    access: { permission: 'workflow:write', of: 'workflow' },
    summary: 'Deletes a workflow with its draft and variables. Its triggers are taken down; its runs go on.',
    params: wire.workflowParams,
    headers: preconditionHeaders(),
    responses: { 200: { description: 'The workflow is deleted.', schema: deleted() } },
    problems: ['workflow.notFound', 'version.changed'],
    handle: async (ctx, { params, headers }) => ({
      status: 200,
      body: await deleteWorkflow(ctx, { ...params, ...preconditionsOf(headers) }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/duplicate',
    id: 'duplicateWorkflow',
    access: { permission: 'workflow:write', of: 'workflow' },
    summary: 'Copies a workflow under another name, as a draft.',
    params: wire.workflowParams,
    body: wire.duplicateBody,
    responses: { 201: { description: 'The copy.', schema: wire.workflowEntry } },
    problems: ['workflow.notFound', 'version.notFound', 'draft.notFound', 'workflow.exists', 'edit.refused'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 201,
      body: await duplicate(ctx, { ...params, ...body, principal }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/folders',
    id: 'listFolders',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Lists the folders that workflows are filed in.',
    responses: { 200: { description: 'All of them, by name.', schema: wire.folders } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: { items: await ctx.tenant(listFolders) } }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/tags',
    id: 'listTags',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Lists the tags of workflows.',
    responses: { 200: { description: 'All of them, by name.', schema: wire.tags } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: { items: await ctx.tenant(listTags) } }),
  }),
] as const;

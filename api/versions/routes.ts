import { preconditionHeaders, preconditionsOf } from '../http/preconditions.ts';
import { defineRoute } from '../http/route.ts';
import { published } from '../publishing/schema.ts';
import { diffVersions } from './diff.ts';
import { getVersion } from './get.ts';
import { listVersions } from './list.ts';
import { mergeVersions } from './merge.ts';
import { rollBack } from './rollback.ts';
import * as wire from './schema.ts';

export const versionRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/workflows/:name/versions',
    id: 'listVersions',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Lists the versions of a workflow, newest first.',
    params: wire.workflowParams,
    query: wire.versionsQuery,
    responses: { 200: { description: 'A page of them.', schema: wire.versionList } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await listVersions(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows/:name/versions/:version',
    id: 'getVersion',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Returns a version with its graph and its text, or only the text.',
    params: wire.versionParams,
    query: wire.versionFormat,
    headers: wire.acceptHeader,
    responses: { 200: { description: 'The version.', schema: wire.version, texts: ['application/yaml'] } },
    problems: ['version.notFound'],
    handle: (ctx, { params, query: { format }, headers: { accept = '' } }) =>
      getVersion(ctx, { ...params, yaml: format === 'yaml' || (format === undefined && /\byaml\b/.test(accept)) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows/:name/diff',
    id: 'diffVersions',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Says what differs between two versions, or a version and the draft: as data, as text, or as a drawing.',
    params: wire.workflowParams,
    query: wire.diffQuery,
    responses: {
      200: {
        description: 'The difference.',
        schema: wire.difference,
        texts: ['text/plain', 'text/vnd.mermaid'],
      },
    },
    problems: ['workflow.notFound', 'draft.notFound', 'graph.invalid'],
    handle: (ctx, { params, query }) => diffVersions(ctx, { ...params, ...query }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/rollback',
    id: 'rollBack',
    access: { permission: 'workflow:publish', of: 'workflow' },
    summary: 'Publishes an earlier version again, as a new version.',
    params: wire.workflowParams,
    headers: preconditionHeaders(),
    body: wire.rollbackBody,
    responses: {
      200: { description: 'The published version already says this.', schema: published },
      201: { description: 'A new version.', schema: published },
    },
    problems: ['workflow.notFound', 'version.notFound', 'version.changed', 'workflow.archived'],
    handle: (ctx, { params, headers, body, principal }) =>
      rollBack(ctx, { ...params, ...body, ...preconditionsOf(headers), principal }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/merge',
    id: 'mergeVersions',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Merges what two people made of a workflow, and says what conflicts. Stores nothing.',
    params: wire.workflowParams,
    body: wire.mergeBody,
    responses: { 200: { description: 'What it came to.', schema: wire.merged } },
    problems: ['workflow.notFound', 'draft.notFound', 'graph.invalid'],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await mergeVersions(ctx, { ...params, ...body }) }),
  }),
] as const;

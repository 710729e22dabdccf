import { deleted } from '../http/fields.ts';
import { preconditionHeaders, preconditionsOf } from '../http/preconditions.ts';
import { defineRoute, type Reply } from '../http/route.ts';
import { published } from '../publishing/schema.ts';
import { editBody } from './command.ts';
import { deleteDraft } from './delete.ts';
import { editDraft } from './edit.ts';
import { publishDraft } from './publish.ts';
import { putDraft } from './put.ts';
import * as wire from './schema.ts';
import { type DraftView, requireDraft, viewDraft } from './view.ts';

const PATH = '/api/workflows/:name/draft';
const ETAG = { etag: 'The draft, for If-Match.' };

export const draftRoutes = [
  defineRoute({
    method: 'get',
    path: PATH,
    id: 'getDraft',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary: 'Returns the draft of a workflow: its text, its graph, and its problems.',
    params: wire.draftParams,
    responses: { 200: { description: 'The draft.', schema: wire.draft, headers: ETAG } },
    problems: ['draft.notFound'],
    handle: async (ctx, { params: { name } }) => answer(200, await viewDraft(ctx, name, await requireDraft(ctx, name))),
  }),
  defineRoute({
    method: 'put',
    path: PATH,
    id: 'putDraft',
    access: { permission: 'workflow:write', of: 'workflow' },
    summary: 'Stores the draft of a workflow, whatever is wrong with it. To change a draft needs its ETag as If-Match.',
    params: wire.draftParams,
    headers: preconditionHeaders(),
    body: wire.draftBody,
    bodyKind: 'graph',
    responses: {
      200: { description: 'The draft is stored.', schema: wire.draft, headers: ETAG },
      201: { description: 'There was no draft before.', schema: wire.draft, headers: ETAG },
    },
    problems: ['draft.changed', 'draft.unmatched', 'workflow.archived'],
    handle: async (ctx, { params, headers, body, principal }) => {
      const saved = await putDraft(ctx, { ...params, ...body, ...preconditionsOf(headers), principal });
      return answer(saved.created ? 201 : 200, saved.draft);
    },
  }),
  defineRoute({
    method: 'patch',
    path: PATH,
    id: 'editDraft',
    access: { permission: 'workflow:write', of: 'workflow' },
    summary:
      'Applies commands to the draft, all or none; comments stay. Without a draft, one is begun from the published version.',
    params: wire.draftParams,
    headers: preconditionHeaders(),
    body: editBody,
    responses: {
      200: { description: 'The draft is changed.', schema: wire.draft, headers: ETAG },
      201: { description: 'There was no draft before.', schema: wire.draft, headers: ETAG },
    },
    problems: ['draft.notFound', 'draft.changed', 'draft.unmatched', 'edit.refused', 'workflow.archived'],
    handle: async (ctx, { params, headers, body, principal }) => {
      const saved = await editDraft(ctx, { ...params, ...body, ...preconditionsOf(headers), principal });
      return answer(saved.created ? 201 : 200, saved.draft);
    },
  }),
  defineRoute({
    method: 'delete',
    path: PATH,
    id: 'deleteDraft',
    access: { permission: 'workflow:write', of: 'workflow' },
    summary: 'Discards the draft. A workflow that was never published is gone with it.',
    params: wire.draftParams,
    headers: preconditionHeaders(),
    responses: { 200: { description: 'The draft is discarded.', schema: deleted() } },
    problems: ['draft.notFound', 'draft.changed', 'draft.unmatched'],
    handle: async (ctx, { params, headers }) => ({
      status: 200,
      body: await deleteDraft(ctx, { ...params, ...preconditionsOf(headers) }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/publish',
    id: 'publishDraft',
    access: { permission: 'workflow:publish', of: 'workflow' },
    summary: 'Publishes the draft as a new version. With If-Match, only the draft that you have seen.',
    params: wire.draftParams,
    query: wire.publishDraftQuery,
    headers: preconditionHeaders(),
    body: wire.publishDraftBody,
    responses: {
      200: { description: 'The published version already says this.', schema: published, headers: ETAG },
      201: { description: 'A new version.', schema: published, headers: ETAG },
    },
    problems: [
      'draft.notFound',
      'draft.changed',
      'version.changed',
      'workflow.archived',
      'graph.invalid',
      'tests.missing',
      'tests.failed',
    ],
    handle: (ctx, { params, query, headers, body, principal }) =>
      publishDraft(ctx, { ...params, ...query, ...body, ...preconditionsOf(headers), principal }),
  }),
] as const;

const answer = (status: number, draft: DraftView): Reply => ({ status, body: draft, headers: { etag: draft.etag } });

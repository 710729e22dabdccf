import { defineRoute } from '../http/route.ts';
import { getPrompt } from './get.ts';
import { listPrompts, listVersions } from './list.ts';
import { putPrompt } from './put.ts';
import * as wire from './schema.ts';

const PATH = '/api/prompts';

export const promptRoutes = [
  defineRoute({
    method: 'get',
    path: PATH,
    id: 'listPrompts',
    access: { permission: 'prompt:read', of: 'prompt' },
    summary: 'Lists the prompts of the workspace.',
    query: wire.listQuery,
    responses: { 200: { description: 'A page of prompts, by name.', schema: wire.promptList } },
    problems: [],
    handle: async (ctx, { query }) => ({ status: 200, body: await listPrompts(ctx, query) }),
  }),
  defineRoute({
    method: 'get',
    path: `${PATH}/:name`,
    id: 'getPrompt',
    access: { permission: 'prompt:read', of: 'prompt' },
    summary: 'Shows a prompt, in its newest version or in another.',
    params: wire.promptParams,
    query: wire.versionQuery,
    responses: { 200: { description: 'The prompt.', schema: wire.prompt } },
    problems: ['prompt.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await getPrompt(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'put',
    path: `${PATH}/:name`,
    id: 'writePrompt',
    access: { permission: 'prompt:write', of: 'prompt' },
    summary: 'Writes a new version of a prompt. Published workflows keep the version that they were published with.',
    params: wire.promptParams,
    body: wire.promptBody,
    responses: {
      200: { description: 'The newest version says the same.', schema: wire.prompt },
      201: { description: 'The new version.', schema: wire.prompt },
    },
    problems: ['prompt.invalid', 'prompt.changed', 'prompt.tooMany'],
    handle: async (ctx, { params, body, principal }) => putPrompt(ctx, { ...params, ...body, principal }),
  }),
  defineRoute({
    method: 'get',
    path: `${PATH}/:name/versions`,
    id: 'listPromptVersions',
    access: { permission: 'prompt:read', of: 'prompt' },
    summary: 'Lists the versions of a prompt, the newest first.',
    params: wire.promptParams,
    query: wire.versionsQuery,
    responses: { 200: { description: 'A page of versions.', schema: wire.versionList } },
    problems: ['prompt.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await listVersions(ctx, { ...params, ...query }) }),
  }),
] as const;

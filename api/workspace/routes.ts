import { defineRoute } from '../http/route.ts';
import { settings, settingsBody } from './schema.ts';
import { changeWorkspace, getWorkspace } from './settings.ts';

export const workspaceRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/workspace',
    id: 'getWorkspace',
    access: { permission: 'catalogue:read', of: 'workspace' },
    summary: 'Shows the workspace and its settings.',
    responses: { 200: { description: 'The workspace.', schema: settings } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: await getWorkspace(ctx) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/api/workspace',
    id: 'changeWorkspace',
    access: { permission: 'workspace:write', of: 'workspace' },
    summary:
      'Changes settings of the workspace. What calls to models cost before stays with the day on which it was counted.',
    body: settingsBody,
    responses: { 200: { description: 'They are changed.', schema: settings } },
    problems: [],
    handle: async (ctx, { body }) => ({ status: 200, body: await changeWorkspace(ctx, body) }),
  }),
] as const;

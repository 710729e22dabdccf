import { defineRoute } from '../http/route.ts';
import { getSystem } from './get.ts';
import { system } from './schema.ts';

export const systemRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/system',
    id: 'getSystem',
    access: { permission: 'system:read', of: 'system' },
    summary: 'Says how the installation is: its servers, workers, queues, memory, and what waits.',
    responses: { 200: { description: 'How it is. Also if a part of it is down.', schema: system } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: await getSystem(ctx) }),
  }),
] as const;

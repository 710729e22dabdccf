import { defineRoute } from '../http/route.ts';
import { discard, getGroup } from './group.ts';
import { getQueue } from './list.ts';
import * as wire from './schema.ts';

const PATH = '/api/workflows/:name/queue';

export const queueRoutes = [
  defineRoute({
    method: 'get',
    path: PATH,
    id: 'getQueue',
    access: { permission: 'workflow:read', of: 'workflow' },
    summary:
      'Lists what waits of a workflow: runs that wait for their place, events that are held, and events that were refused.',
    params: wire.workflowParams,
    query: wire.queueQuery,
    responses: { 200: { description: 'A page of what waits.', schema: wire.queue } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await getQueue(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'get',
    path: `${PATH}/:group`,
    id: 'getHeldGroup',
    access: { permission: 'run:read-data', of: 'workflow' },
    summary: 'Shows events that are held together, or were refused together.',
    params: wire.groupParams,
    responses: { 200: { description: 'The group with its events.', schema: wire.group } },
    problems: ['held.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await getGroup(ctx, params) }),
  }),
  defineRoute({
    method: 'delete',
    path: `${PATH}/:group`,
    id: 'discardHeldGroup',
    access: { permission: 'trigger:control', of: 'workflow' },
    summary: 'Discards events that are held together, so that no run begins for them, or that were refused.',
    params: wire.groupParams,
    responses: { 200: { description: 'They are discarded.', schema: wire.discarded } },
    problems: ['held.notFound', 'held.over'],
    handle: async (ctx, { params }) => ({ status: 200, body: await discard(ctx, params) }),
  }),
] as const;

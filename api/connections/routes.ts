import { z } from 'zod';
import { defineRoute, type Route } from '../http/route.ts';
import { remove } from './delete.ts';
import { list } from './list.ts';
import { put } from './put.ts';
import * as wire from './schema.ts';

export const connectionRoutes: readonly Route[] = [
  defineRoute({
    method: 'put',
    path: '/api/connections/:name',
    id: 'putConnection',
    access: { permission: 'connection:write', of: 'connection' },
    summary: 'Stores a connection. Its data is encrypted and never shown again.',
    params: wire.connectionParams,
    body: wire.connectionBody,
    responses: { 200: { description: 'The connection is stored.', schema: wire.connection } },
    problems: ['connection.invalid'],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await put(ctx, { ...params, ...body }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/connections',
    id: 'listConnections',
    access: { permission: 'connection:list', of: 'connection' },
    summary: 'Lists the connections, without their data.',
    responses: { 200: { description: 'All of them, by name.', schema: wire.connectionList } },
    problems: [],
    handle: async (ctx) => ({ status: 200, body: await list(ctx) }),
  }),
  defineRoute({
    method: 'delete',
    path: '/api/connections/:name',
    id: 'deleteConnection',
    access: { permission: 'connection:write', of: 'connection' },
    summary: 'Deletes a connection.',
    params: wire.connectionParams,
    responses: { 200: { description: 'The connection is deleted.', schema: z.object({ deleted: z.literal(true) }) } },
    problems: ['connection.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await remove(ctx, params) }),
  }),
];

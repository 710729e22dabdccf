import { deleted } from '../http/fields.ts';
import { defineRoute } from '../http/route.ts';
import { end } from './end.ts';
import { get, use } from './get.ts';
import { open } from './open.ts';
import * as wire from './schema.ts';

const PATH = '/api/workflows/:name/triggers/:id/capture';

export const captureRoutes = [
  defineRoute({
    method: 'post',
    path: PATH,
    id: 'captureCalls',
    access: { permission: 'workflow:write', of: 'trigger' },
    summary: 'Holds the next calls of a webhook for building, for at most 10 minutes. An earlier capture ends.',
    params: wire.triggerParams,
    query: wire.captureQuery,
    responses: { 201: { description: 'The capture, which holds no call yet.', schema: wire.capture } },
    problems: ['trigger.notFound', 'trigger.unsuited'],
    handle: async (ctx, { params, query }) => ({
      status: 201,
      body: await open(ctx, { workflow: params.name, id: params.id, ...query }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: PATH,
    id: 'getCapture',
    access: { permission: 'run:read-data', of: 'trigger' },
    summary: 'Shows the calls that are held.',
    params: wire.triggerParams,
    responses: { 200: { description: 'The capture.', schema: wire.capture } },
    problems: ['trigger.notFound', 'capture.notFound'],
    handle: async (ctx, { params, principal }) => ({
      status: 200,
      body: await get(ctx, { workflow: params.name, id: params.id, principal }),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: PATH,
    id: 'endCapture',
    access: { permission: 'workflow:write', of: 'trigger' },
    summary: 'Ends a capture, and removes the calls that are held.',
    params: wire.triggerParams,
    responses: { 200: { description: 'It is ended.', schema: deleted() } },
    problems: ['capture.notFound'],
    handle: async (ctx, { params }) => ({
      status: 200,
      body: await end(ctx, { workflow: params.name, id: params.id }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: `${PATH}/:seq`,
    id: 'useCapturedCall',
    access: { permission: 'run:read-data', of: 'trigger' },
    summary: 'A held call as an example input, or as the pin of the trigger in a dry run.',
    params: wire.callParams,
    query: wire.useQuery,
    responses: { 200: { description: 'The value.', schema: wire.used } },
    problems: ['trigger.notFound', 'capture.notFound', 'trigger.unsuited'],
    handle: async (ctx, { params: { name, id, seq }, query }) => ({
      status: 200,
      body: await use(ctx, { workflow: name, id, seq, ...query }),
    }),
  }),
] as const;

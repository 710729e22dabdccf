import { idempotencyHeader } from '../http/fields.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { delivered, eventBody } from './schema.ts';
import { sendEvent } from './send.ts';

export const eventRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/events',
    id: 'sendEvent',
    summary: 'Sends an event to all runs that wait for it, and keeps it for waits that begin later.',
    headers: idempotencyHeader(),
    body: eventBody,
    responses: { 202: { description: 'The event is kept and sent.', schema: delivered } },
    problems: ['idempotency.mismatch', 'temporal.unavailable'],
    handle: async (ctx, { headers, body }) => ({
      status: 202,
      body: await sendEvent(ctx, { ...body, id: body.id ?? headers['idempotency-key'] }),
    }),
  }),
];

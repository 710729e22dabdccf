import { idempotencyHeader } from '../http/fields.ts';
import { requireHarmless } from '../http/harmless.ts';
import { defineRoute, type Route } from '../http/route.ts';
import { cloudEvents } from './cloud-event.ts';
import { delivered, eventBody } from './schema.ts';
import { sendEvent } from './send.ts';

export const eventRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/events',
    id: 'sendEvent',
    summary:
      'Sends an event to all runs that wait for it, starts the workflows with a trigger for it, and keeps it for later waits.',
    headers: idempotencyHeader(),
    body: eventBody,
    bodyKind: cloudEvents,
    responses: {
      202: {
        description: 'The event is kept and sent; the runs of its triggers are started, or will be.',
        schema: delivered,
      },
    },
    problems: ['idempotency.mismatch', 'temporal.unavailable'],
    handle: async (ctx, { headers, body }) => ({
      status: 202,
      body: await sendEvent(ctx, { ...body, id: body.id ?? headers['idempotency-key'] }),
    }),
  }),
];

import { z } from 'zod';
import { idempotencyHeader } from '../http/fields.ts';
import { defineRoute } from '../http/route.ts';
import { sentEvents } from './body.ts';
import { batchBody, delivered, deliveredBatch, eventBody } from './schema.ts';
import { sendEvents } from './send.ts';

export const eventRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/events',
    id: 'sendEvent',
    access: { permission: 'event:send', of: 'event' },
    summary:
      'Sends an event, or several, to all runs that wait for it, starts the workflows with a trigger for it, and keeps it for later waits.',
    headers: idempotencyHeader(),
    body: z.union([eventBody, batchBody]),
    bodyKind: sentEvents,
    responses: {
      202: {
        description: 'All events are kept and sent; the runs of their triggers are started, or will be.',
        schema: z.union([delivered, deliveredBatch]),
      },
    },
    problems: ['idempotency.mismatch', 'temporal.unavailable'],
    handle: async (ctx, { headers: { 'idempotency-key': key }, body }) => {
      if (!('events' in body)) {
        const [one] = await sendEvents(ctx, [{ ...body, id: body.id ?? key }]);
        return { status: 202, body: one };
      }
      const named = body.events.map((event, at) => ({ ...event, id: event.id ?? (key && `${key}/${at}`) }));
      return { status: 202, body: { events: await sendEvents(ctx, named) } };
    },
  }),
] as const;

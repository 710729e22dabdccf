import { defineRoute } from '../http/route.ts';
import { openStream } from './open.ts';
import { streamHeaders, streamQuery } from './schema.ts';

export const streamRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/stream',
    id: 'followChanges',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Follows runs, workflows and approvals live, as Server-Sent Events.',
    query: streamQuery,
    headers: streamHeaders,
    responses: {
      200: {
        description:
          'Events that say what has changed, not its data: `event` is the kind, `data` is JSON. `ready` comes first; ' +
          '`resync` says that something was left out, so that everything is to be looked at anew.',
        texts: ['text/event-stream'],
      },
    },
    problems: ['stream.tooMany'],
    handle: (ctx, { query, headers, principal }) =>
      openStream(ctx, { topics: query.topics, lastEventId: headers['last-event-id'] || query.after, principal }),
  }),
] as const;

import { z } from 'zod';
import { defineRoute } from '../http/route.ts';
import { ready } from './ready.ts';

const readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  temporal: z.enum(['ok', 'down']),
  postgres: z.enum(['ok', 'down']),
  redis: z
    .enum(['ok', 'down'])
    .optional()
    .describe('Absent if there is none. Without it everything goes on, with stricter limits.'),
  worker: z.enum(['ok', 'unknown']).describe('Whether a worker polled recently.'),
});

export const healthRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/health/live',
    id: 'live',
    access: { public: 'Says only that the process runs.' },
    summary: 'Whether this process answers.',
    responses: { 200: { description: 'It does.', schema: z.object({ status: z.literal('ok') }) } },
    problems: [],
    handle: async () => ({ status: 200, body: { status: 'ok' } }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/health/ready',
    id: 'ready',
    access: { public: 'Says only which servers answer, for load balancers.' },
    summary: 'Whether it can do its work.',
    responses: {
      200: { description: 'It can.', schema: readiness },
      503: { description: 'Something it needs is down.', schema: readiness },
    },
    problems: [],
    handle: (ctx) => ready(ctx),
  }),
] as const;

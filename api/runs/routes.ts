import { z } from 'zod';
import { mayUse } from '../access/principal.ts';
import { idempotencyHeader, slug, waitQuery } from '../http/fields.ts';
import { defineRoute } from '../http/route.ts';
import { approve } from './approve.ts';
import { askRun, getRun } from './get.ts';
import { setLabels } from './labels.ts';
import { countRuns, listRuns } from './list.ts';
import * as wire from './schema.ts';
import { startGiven, startPublished } from './start.ts';
import { tellRun } from './tell.ts';
import { withoutData } from './without-data.ts';

const begun = {
  200: { description: 'The run has ended.', schema: wire.run },
  202: { description: 'The run has not ended yet.', schema: wire.run },
};
const START_PROBLEMS = [
  'input.invalid',
  'schema.tooCostly',
  'vars.tooLarge',
  'trigger.unknown',
  'trigger.declined',
  'trigger.expression',
  'idempotency.mismatch',
  'run.tooMany',
  'temporal.unavailable',
] as const;

const READ_DATA = { permission: 'run:read-data', of: 'run' } as const;

export const runRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/runs',
    id: 'startRun',
    access: { permission: 'run:start', of: 'workflow' },
    summary: 'Starts a run of a published workflow.',
    params: z.strictObject({ name: slug() }),
    query: waitQuery(),
    headers: idempotencyHeader(),
    body: wire.startBody,
    responses: begun,
    problems: ['workflow.notFound', ...START_PROBLEMS],
    handle: (ctx, { params, query, headers, body, signal }) =>
      startPublished(ctx, {
        ...body,
        workflow: params.name,
        idempotencyKey: headers['idempotency-key'],
        waitSeconds: query.wait,
        signal,
      }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/runs',
    id: 'runGraph',
    access: { permission: 'run:start-draft', of: 'run' },
    summary: 'Runs a graph that comes with the request.',
    query: waitQuery(),
    headers: idempotencyHeader(),
    body: wire.startGraphBody,
    responses: begun,
    problems: ['graph.invalid', 'vars.unknown', 'step.unknown', 'outputs.missing', 'run.notKept', ...START_PROBLEMS],
    handle: (ctx, { query, headers, body, signal }) =>
      startGiven(ctx, { ...body, idempotencyKey: headers['idempotency-key'], waitSeconds: query.wait, signal }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs',
    id: 'listRuns',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Lists runs, newest first, that fit all that is asked for. A page may be short although more follow.',
    query: wire.listQuery,
    responses: { 200: { description: 'A page.', schema: wire.runPage } },
    problems: ['filter.notFound'],
    handle: async (ctx, { query }) => ({ status: 200, body: await listRuns(ctx, query) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/count',
    id: 'countRuns',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Counts the runs that fit all that is asked for, up to a number.',
    query: wire.countQuery,
    responses: { 200: { description: 'How many.', schema: wire.runCount } },
    problems: ['filter.notFound'],
    handle: async (ctx, { query }) => ({ status: 200, body: await countRuns(ctx, query) }),
  }),
  defineRoute({
    method: 'put',
    path: '/api/runs/:id/labels',
    id: 'labelRun',
    access: { permission: 'run:control', of: 'run' },
    summary: 'Gives a run these labels, in place of those that it has.',
    params: wire.runParams,
    body: wire.labelsBody,
    responses: { 200: { description: 'They are kept.', schema: wire.labelsBody } },
    problems: ['run.notFound'],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await setLabels(ctx, { ...params, ...body }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id',
    id: 'getRun',
    access: { permission: 'run:list', of: 'run' },
    summary:
      'Returns a run with its steps and waits, and their data if the caller may read them; with `wait`, once the run has ended or the time is up.',
    params: wire.runParams,
    query: waitQuery(),
    responses: { 200: { description: 'The run.', schema: wire.run } },
    problems: ['run.notFound'],
    handle: async (ctx, { params, query, signal, principal }) => {
      const run = await getRun(ctx, { id: params.id, waitSeconds: query.wait, signal });
      return { status: 200, body: mayUse(principal, READ_DATA) ? run : withoutData(run) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/ask',
    id: 'askRun',
    access: { permission: 'run:read-data', of: 'run' },
    summary: 'Asks an open run what it is doing.',
    params: wire.runParams,
    responses: { 200: { description: 'What the run says about itself.', schema: wire.runView } },
    problems: ['run.notFound', 'run.ended', 'worker.unavailable', 'temporal.unavailable'],
    handle: async (ctx, { params }) => ({ status: 200, body: await askRun(ctx, params) }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/runs/:id/tell',
    id: 'tellRun',
    access: { permission: 'event:send', of: 'run' },
    summary: 'Sends an event to one run; the waits of the run take it, whatever their key.',
    params: wire.runParams,
    headers: idempotencyHeader(),
    body: wire.tellBody,
    responses: { 202: { description: 'The run has the event.', schema: z.object({ id: z.string() }) } },
    problems: [
      'run.notFound',
      'run.ended',
      'update.refused',
      'idempotency.mismatch',
      'worker.unavailable',
      'temporal.unavailable',
    ],
    handle: async (ctx, { params, headers, body: { id, ...event } }) => ({
      status: 202,
      body: await tellRun(ctx, { ...event, id: params.id, eventId: id ?? headers['idempotency-key'] }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/runs/:id/approvals/:step',
    id: 'decideApproval',
    access: { permission: 'run:decide', of: 'run' },
    summary: 'Decides an approval that a run waits for.',
    params: wire.stepParams,
    body: wire.approvalBody,
    responses: {
      200: {
        description: 'The approval is decided.',
        schema: z.object({ step: z.string(), decision: z.enum(['approved', 'rejected']) }),
      },
    },
    problems: [
      'run.notFound',
      'approval.notWaiting',
      'approval.values',
      'schema.tooCostly',
      'worker.unavailable',
      'temporal.unavailable',
    ],
    handle: async (ctx, { params, body }) => ({ status: 200, body: await approve(ctx, { ...params, ...body }) }),
  }),
] as const;

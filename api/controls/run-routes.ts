import type { Context } from '../context.ts';
import { idempotencyHeader } from '../http/fields.ts';
import type { ProblemCode } from '../http/problem.ts';
import { defineRoute, type Input, type Reply } from '../http/route.ts';
import { cancelBody, runParams, run as wireRun } from '../runs/schema.ts';
import { controlsOf } from './list.ts';
import type { Asking } from './record.ts';
import * as wire from './schema.ts';
import { terminateRun } from './terminate.ts';
import { cancelRun, pauseRun, resumeRun } from './whole-run.ts';

const access = { permission: 'run:control', of: 'run' } as const;
const OPEN_PROBLEMS: readonly ProblemCode[] = [
  'run.notFound',
  'run.ended',
  'idempotency.mismatch',
  'worker.unavailable',
  'temporal.unavailable',
];

type Given = Input<
  { id: string },
  unknown,
  { 'idempotency-key'?: string | undefined },
  { reason?: string | undefined }
>;

/** Calls a verb with what every request about a run says. */
const asks =
  (verb: (ctx: Context, asking: Asking) => Promise<Reply>) =>
  (ctx: Context, { params, headers, body, principal }: Given): Promise<Reply> =>
    verb(ctx, { id: params.id, by: principal.id, reason: body.reason, key: headers['idempotency-key'] });

/** What operators do to a whole run. */
export const runControlRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/runs/:id/cancel',
    id: 'cancelRun',
    access,
    summary: 'Asks a run to cancel: running steps are stopped, and what is to be undone is undone.',
    params: runParams,
    headers: idempotencyHeader(),
    body: cancelBody,
    responses: {
      200: { description: 'The run had already ended.', schema: wireRun },
      202: { description: 'The run was asked to cancel.', schema: wireRun },
    },
    problems: ['run.notFound', 'idempotency.mismatch', 'temporal.unavailable'],
    handle: asks(cancelRun),
  }),
  defineRoute({
    method: 'post',
    path: '/api/runs/:id/terminate',
    id: 'terminateRun',
    access,
    summary: 'Ends a run at once, with the runs that it waits for: nothing is undone.',
    params: runParams,
    headers: idempotencyHeader(),
    body: wire.reasonBody,
    responses: { 200: { description: 'The run has ended.', schema: wireRun } },
    problems: ['run.notFound', 'idempotency.mismatch', 'temporal.unavailable'],
    handle: asks(terminateRun),
  }),
  defineRoute({
    method: 'post',
    path: '/api/runs/:id/pause',
    id: 'pauseRun',
    access,
    summary: 'Pauses a run: running steps finish, no further steps start.',
    params: runParams,
    headers: idempotencyHeader(),
    body: wire.reasonBody,
    responses: { 202: { description: 'The run is paused.', schema: wireRun } },
    problems: OPEN_PROBLEMS,
    handle: asks(pauseRun),
  }),
  defineRoute({
    method: 'post',
    path: '/api/runs/:id/resume',
    id: 'resumeRun',
    access,
    summary: 'Resumes a paused run.',
    params: runParams,
    headers: idempotencyHeader(),
    body: wire.reasonBody,
    responses: { 202: { description: 'The run goes on.', schema: wireRun } },
    problems: OPEN_PROBLEMS,
    handle: asks(resumeRun),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/controls',
    id: 'listControls',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Lists what operators did to a run: what, who, when and why.',
    params: runParams,
    responses: { 200: { description: 'The oldest first.', schema: wire.controlList } },
    problems: ['run.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await controlsOf(ctx, params) }),
  }),
] as const;

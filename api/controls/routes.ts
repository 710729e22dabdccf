import type { z } from 'zod';
import { mayUse } from '../access/principal.ts';
import { idempotencyHeader } from '../http/fields.ts';
import type { ProblemCode } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { stepParams } from '../runs/schema.ts';
import { changeStep, pauseStep, resetStep, unpauseStep } from './activity.ts';
import type { AskingStep } from './record.ts';
import { runControlRoutes } from './run-routes.ts';
import * as wire from './schema.ts';
import { completeWait, retryStep, skipStep, timeOutWait } from './step.ts';

const OPEN_PROBLEMS = ['run.notFound', 'run.ended', 'step.notOpen', 'idempotency.mismatch'] as const;
const RUN_PROBLEMS = [...OPEN_PROBLEMS, 'update.refused', 'worker.unavailable', 'temporal.unavailable'] as const;
const ACTIVITY_PROBLEMS = [...OPEN_PROBLEMS, 'update.refused', 'temporal.unsupported', 'temporal.unavailable'] as const;

const DECIDE = { permission: 'run:decide', of: 'run' } as const;
/** Of what may end an approval. */
const DECISION_PROBLEMS = ['output.invalid', 'approval.values', 'schema.tooCostly'] as const;

type Bodies = { readonly reason?: string | undefined };

/** A route that does something to one step: `POST /api/runs/:id/steps/:step/<verb>`. */
function stepRoute<const V extends string, const M extends 'post' | 'patch', B extends z.ZodType<Bodies>>(spec: {
  readonly method: M;
  readonly verb: V;
  readonly id: string;
  readonly summary: string;
  readonly body: B;
  readonly problems: readonly ProblemCode[];
  readonly act: (ctx: Parameters<typeof skipStep>[0], asking: AskingStep, body: z.output<B>) => Promise<unknown>;
}) {
  const { verb, method, id, summary, body, problems, act } = spec;
  return defineRoute({
    method,
    path: `/api/runs/:id/steps/:step/${verb}`,
    id,
    access: { permission: 'run:control', of: 'run' },
    summary,
    params: stepParams,
    headers: idempotencyHeader(),
    body,
    responses: { 200: { description: 'Done, and written down.', schema: wire.control } },
    problems,
    handle: async (ctx, { params, headers, body: given, principal }) => {
      const key = headers['idempotency-key'];
      const { reason } = given as Bodies;
      const asking = { ...params, by: principal.id, reason, key, mayDecide: mayUse(principal, DECIDE) };
      return { status: 200, body: await act(ctx, asking, given) };
    },
  });
}

export const controlRoutes = [
  ...runControlRoutes,
  stepRoute({
    method: 'post',
    verb: 'retry',
    id: 'retryStep',
    summary: 'Makes the next attempt of a step now.',
    body: wire.reasonBody,
    problems: [...RUN_PROBLEMS, 'step.notRetrying', 'temporal.unsupported'],
    act: retryStep,
  }),
  stepRoute({
    method: 'post',
    verb: 'skip',
    id: 'skipStep',
    summary: 'Ends a step that is running or waiting as succeeded, with a given output.',
    body: wire.skipBody,
    problems: [...RUN_PROBLEMS, 'step.container', ...DECISION_PROBLEMS],
    act: (ctx, asking, { output }) => skipStep(ctx, { ...asking, output }),
  }),
  stepRoute({
    method: 'post',
    verb: 'complete',
    id: 'completeWait',
    summary: 'Ends a wait as if what it waits for had come.',
    body: wire.completeBody,
    problems: [...RUN_PROBLEMS, 'step.notWaiting', ...DECISION_PROBLEMS],
    act: (ctx, asking, { data }) => completeWait(ctx, { ...asking, data }),
  }),
  stepRoute({
    method: 'post',
    verb: 'timeout',
    id: 'timeOutWait',
    summary: 'Ends a wait as if its timeout had come.',
    body: wire.reasonBody,
    problems: [...RUN_PROBLEMS, 'step.notWaiting'],
    act: timeOutWait,
  }),
  stepRoute({
    method: 'post',
    verb: 'pause',
    id: 'pauseStep',
    summary: 'Keeps a running step from further attempts.',
    body: wire.reasonBody,
    problems: ACTIVITY_PROBLEMS,
    act: pauseStep,
  }),
  stepRoute({
    method: 'post',
    verb: 'unpause',
    id: 'unpauseStep',
    summary: 'Lets a paused step go on, at once.',
    body: wire.reasonBody,
    problems: ACTIVITY_PROBLEMS,
    act: unpauseStep,
  }),
  stepRoute({
    method: 'post',
    verb: 'reset',
    id: 'resetStep',
    summary: 'Begins a running step anew: its attempts count from 1.',
    body: wire.resetBody,
    problems: ACTIVITY_PROBLEMS,
    act: (ctx, asking, { keepPaused = false, resetHeartbeat = false }) =>
      resetStep(ctx, { ...asking, keepPaused, resetHeartbeat }),
  }),
  stepRoute({
    method: 'patch',
    verb: 'options',
    id: 'changeStep',
    summary: 'Changes retry and timeouts of one running step.',
    body: wire.optionsBody,
    problems: ACTIVITY_PROBLEMS,
    act: (ctx, asking, body) => changeStep(ctx, { ...asking, options: wire.optionsOf(body) }),
  }),
] as const;

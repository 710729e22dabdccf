import type { Context as HonoContext } from 'hono';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Taken } from './take.ts';

/** The address of a run. */
export const runUrl = (ctx: Context, runId: string): string => `${ctx.publicUrl}/api/runs/${runId}`;

/** 202: the run has started and is durable. A repeated delivery gets the same answer. */
export function answerStarted(c: HonoContext, ctx: Context, runId: string): Response {
  const url = runUrl(ctx, runId);
  c.header('location', url);
  return c.json({ run: { id: runId, url } }, 202);
}

/** 202: the request is held, and a later run begins for it. A repeated delivery gets the same answer, and then the run. */
export function answerHeld(c: HonoContext, ctx: Context, held: Extract<Taken, { kind: 'held' }>['held']): Response {
  if (held.runId !== null) return answerStarted(c, ctx, held.runId);
  const { workflow, trigger, group, dueAt } = held;
  c.header('location', `${ctx.publicUrl}/api/workflows/${workflow}/queue`);
  return c.json({ run: null, held: { workflow, trigger, group, dueAt } }, 202);
}

/** 202: the request was understood, and the trigger's `if` says that it starts no run. */
export const answerDeclined = (c: HonoContext): Response => c.json({ run: null }, 202);

/** 202: the request is held for building, and starts no run. */
export const answerCaptured = (c: HonoContext): Response => c.json({ run: null, captured: true }, 202);

/** What senders are told whose request should be sent again. Many senders give up after any other status than 5xx. */
export const comeAgain = (problem: ApiProblem): ApiProblem =>
  problem.code === 'run.tooMany' ? new ApiProblem('hook.busy', problem.message) : problem;

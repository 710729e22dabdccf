import { mayUse } from '../access/principal.ts';
import { idempotencyHeader } from '../http/fields.ts';
import { ApiProblem } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import { runParams } from '../runs/schema.ts';
import { compare } from './compare.ts';
import { rerun } from './rerun.ts';
import * as wire from './schema.ts';

/** Who may run a graph that comes along. */
const DRAFTS = { permission: 'run:start-draft', of: 'run' } as const;

const notYours = (): ApiProblem =>
  new ApiProblem('access.denied', 'Your role does not include run:start-draft: repeat the run without a graph.');

export const rerunRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/runs/:id/rerun',
    id: 'rerunRun',
    access: { permission: 'run:start', of: 'run' },
    summary: 'Repeats a run as a new one: all of it, or from a step on, with other input, outputs or version.',
    params: runParams,
    headers: idempotencyHeader(),
    body: wire.rerunBody,
    responses: {
      200: { description: 'What would happen (`dryRun`).', schema: wire.rerunAnswer },
      202: { description: 'The new run.', schema: wire.rerunAnswer },
    },
    problems: [
      'run.notFound',
      'run.open',
      'run.notKept',
      'step.unknown',
      'outputs.missing',
      'outputs.unused',
      'workflow.notFound',
      'workflow.archived',
      'graph.invalid',
      'input.invalid',
      'schema.tooCostly',
      'vars.tooLarge',
      'trigger.expression',
      'idempotency.mismatch',
      'run.tooMany',
      'temporal.unavailable',
    ],
    handle: (ctx, { params, headers, body, principal }) => {
      if (body.graph !== undefined && !mayUse(principal, DRAFTS)) throw notYours();
      return rerun(ctx, { ...body, ...params, by: principal.id, key: headers['idempotency-key'] });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/compare',
    id: 'compareRuns',
    access: { permission: 'run:read-data', of: 'run' },
    summary: 'Compares two runs, step by step.',
    params: runParams,
    query: wire.compareQuery,
    responses: { 200: { description: 'Where they differ.', schema: wire.comparison } },
    problems: ['run.notFound'],
    handle: async (ctx, { params, query }) => ({
      status: 200,
      body: await compare(ctx, { id: params.id, other: query.with, all: query.all === 'true' }),
    }),
  }),
] as const;

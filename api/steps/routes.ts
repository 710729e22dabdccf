import { defineRoute } from '../http/route.ts';
import { runParams, stepParams } from '../runs/schema.ts';
import { getStep } from './get.ts';
import { getRunGraph } from './graph.ts';
import { listItems } from './items.ts';
import { listSteps } from './list.ts';
import { listLog } from './logs.ts';
import { stepOutput } from './output.ts';
import * as wire from './schema.ts';
import { runValue, stepValue } from './value.ts';

export const stepRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/graph',
    id: 'getRunGraph',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Returns the graph that a run executes, and how many steps of each node have come to what.',
    params: runParams,
    responses: { 200: { description: 'The graph.', schema: wire.runGraph } },
    problems: ['run.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await getRunGraph(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/steps',
    id: 'listSteps',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Lists the steps of a run by path, without their data.',
    params: runParams,
    query: wire.stepsQuery,
    responses: { 200: { description: 'A page of them.', schema: wire.stepPage } },
    problems: ['run.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await listSteps(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/steps/:step',
    id: 'getStep',
    access: { permission: 'run:read-data', of: 'run' },
    summary: 'Returns a step with its parameters, its output, its attempts, and the run that it calls.',
    params: stepParams,
    responses: { 200: { description: 'The step.', schema: wire.wholeStep } },
    problems: ['run.notFound', 'step.notFound'],
    handle: async (ctx, { params }) => ({ status: 200, body: await getStep(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/steps/:step/items',
    id: 'listItems',
    access: { permission: 'run:list', of: 'run' },
    summary: 'Lists the items of a loop, or its rounds, with how many of their steps have come to what.',
    params: stepParams,
    query: wire.itemsQuery,
    responses: { 200: { description: 'A page of them.', schema: wire.itemPage } },
    problems: ['run.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await listItems(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/steps/:step/output',
    id: 'getStepOutput',
    access: { permission: 'run:read-data', of: 'run' },
    summary: 'Returns the output of a step, whole, also if it is stored outside the run.',
    params: stepParams,
    responses: { 200: { description: 'The output.', schema: wire.value } },
    problems: ['run.notFound', 'step.noOutput'],
    handle: async (ctx, { params }) => ({ status: 200, body: await stepOutput(ctx, params) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/steps/:step/value',
    id: 'getStepValue',
    access: { permission: 'run:read-data', of: 'run' },
    summary: 'Returns a part of what a step got or returned, also if it is stored outside the run.',
    params: stepParams,
    query: wire.partQuery,
    responses: { 200: { description: 'The part.', schema: wire.part } },
    problems: ['run.notFound', 'step.notFound', 'value.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await stepValue(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/value',
    id: 'getRunValue',
    access: { permission: 'run:read-data', of: 'run' },
    summary: 'Returns a part of what a run got or returned, also if it is stored outside the run.',
    params: runParams,
    query: wire.partQuery,
    responses: { 200: { description: 'The part.', schema: wire.part } },
    problems: ['run.notFound', 'value.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await runValue(ctx, { ...params, ...query }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/runs/:id/logs',
    id: 'listRunLogs',
    access: { permission: 'run:read-data', of: 'run' },
    summary: 'Lists what the steps of a run have logged, in the order of time.',
    params: runParams,
    query: wire.logQuery,
    responses: { 200: { description: 'A page of it.', schema: wire.logPage } },
    problems: ['run.notFound'],
    handle: async (ctx, { params, query }) => ({ status: 200, body: await listLog(ctx, { ...params, ...query }) }),
  }),
] as const;

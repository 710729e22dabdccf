import { idempotencyHeader } from '../http/fields.ts';
import { defineRoute } from '../http/route.ts';
import { backfill } from './backfill.ts';
import { emptyDeadLetters, listDeadLetters } from './dead-letters.ts';
import { fireNow } from './fire-now.ts';
import { listTriggers } from './list.ts';
import { rotate } from './rotate.ts';
import * as wire from './schema.ts';
import { switchAll, switchOne } from './switch.ts';

const one = { 200: { description: 'The trigger.', schema: wire.trigger } };

export const triggerRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/triggers',
    id: 'listTriggers',
    access: { permission: 'workflow:read', of: 'trigger' },
    summary: 'Lists the triggers of all workflows.',
    responses: { 200: { description: 'All of them, by workflow and id.', schema: wire.triggerList } },
    problems: [],
    handle: async (ctx, { principal }) => ({ status: 200, body: await listTriggers(ctx, { principal }) }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows/:name/triggers',
    id: 'listTriggersOfWorkflow',
    access: { permission: 'workflow:read', of: 'trigger' },
    summary: 'Lists the triggers of a workflow.',
    params: wire.workflowParams,
    responses: { 200: { description: 'All of them, by id.', schema: wire.triggerList } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params, principal }) => ({
      status: 200,
      body: await listTriggers(ctx, { workflow: params.name, principal }),
    }),
  }),
  defineRoute({
    method: 'put',
    path: '/api/workflows/:name/active',
    id: 'switchWorkflow',
    access: { permission: 'trigger:control', of: 'workflow' },
    summary: 'Switches a workflow off or on, with all its triggers.',
    params: wire.workflowParams,
    body: wire.switchBody,
    responses: { 200: { description: 'The workflow and its triggers.', schema: wire.switchedWorkflow } },
    problems: ['workflow.notFound'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await switchAll(ctx, { ...body, workflow: params.name, principal }),
    }),
  }),
  defineRoute({
    method: 'put',
    path: '/api/workflows/:name/triggers/:id/active',
    id: 'switchTrigger',
    access: { permission: 'trigger:control', of: 'trigger' },
    summary: 'Switches a trigger off or on.',
    params: wire.triggerParams,
    body: wire.switchTriggerBody,
    responses: one,
    problems: ['trigger.notFound'],
    handle: async (ctx, { params, body, principal }) => ({
      status: 200,
      body: await switchOne(ctx, { ...body, workflow: params.name, id: params.id, principal }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/triggers/:id/fire',
    id: 'fireTrigger',
    access: { permission: 'trigger:control', of: 'trigger' },
    summary: 'Fires a trigger by hand.',
    params: wire.triggerParams,
    headers: idempotencyHeader(),
    body: wire.fireBody,
    responses: {
      202: { description: 'The run that has begun, or had begun before; or where it is held.', schema: wire.fired },
    },
    problems: [
      'trigger.notFound',
      'trigger.declined',
      'trigger.expression',
      'input.invalid',
      'schema.tooCostly',
      'vars.tooLarge',
      'run.tooMany',
      'temporal.unavailable',
    ],
    handle: async (ctx, { params, headers, body }) => ({
      status: 202,
      body: await fireNow(ctx, { ...body, workflow: params.name, id: params.id, key: headers['idempotency-key'] }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/triggers/:id/backfill',
    id: 'backfillTrigger',
    access: { permission: 'trigger:control', of: 'trigger' },
    summary: 'Fires a schedule for times that are over.',
    params: wire.triggerParams,
    body: wire.backfillBody,
    responses: { 202: { description: 'The times for which it fires.', schema: wire.backfilled } },
    problems: ['trigger.notFound', 'trigger.unsuited', 'backfill.tooMany', 'temporal.unavailable'],
    handle: async (ctx, { params, body }) => ({
      status: 202,
      body: await backfill(ctx, { ...body, workflow: params.name, id: params.id }),
    }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/workflows/:name/triggers/:id/dead-letters',
    id: 'listDeadLetters',
    access: { permission: 'workflow:read', of: 'trigger' },
    summary: 'Lists what a watch has found and nobody can read.',
    params: wire.triggerParams,
    query: wire.deadLettersQuery,
    responses: { 200: { description: 'A page of them, the newest first.', schema: wire.deadLetterList } },
    problems: ['trigger.notFound'],
    handle: async (ctx, { params, query }) => ({
      status: 200,
      body: await listDeadLetters(ctx, { ...query, workflow: params.name, id: params.id }),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/api/workflows/:name/triggers/:id/dead-letters',
    id: 'emptyDeadLetters',
    access: { permission: 'trigger:control', of: 'trigger' },
    summary: 'Empties the list of what a watch could not read.',
    params: wire.triggerParams,
    responses: { 200: { description: 'How many there were.', schema: wire.forgotten } },
    problems: ['trigger.notFound'],
    handle: async (ctx, { params }) => ({
      status: 200,
      body: await emptyDeadLetters(ctx, { workflow: params.name, id: params.id }),
    }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/triggers/:id/rotate',
    id: 'rotateTrigger',
    access: { permission: 'workflow:write', of: 'trigger' },
    summary: 'Gives a webhook or form a new address.',
    params: wire.triggerParams,
    responses: one,
    problems: ['trigger.notFound', 'trigger.unsuited'],
    handle: async (ctx, { params, principal }) => ({
      status: 200,
      body: await rotate(ctx, { workflow: params.name, id: params.id, principal }),
    }),
  }),
] as const;

import { defineRoute } from '../http/route.ts';
import { findFields, findOptions } from './find.ts';
import * as wire from './schema.ts';

const PROBLEMS = [
  'nodeType.notFound',
  'options.none',
  'options.failed',
  'connection.notFound',
  'connection.refused',
  'connection.invalid',
] as const;

export const choiceRoutes = [
  defineRoute({
    method: 'post',
    path: '/api/node-types/:type/options',
    id: 'findOptions',
    access: { permission: 'connection:use', of: 'connection' },
    summary: 'Loads the choices of a parameter from the provider, for an author who fills in a node.',
    params: wire.nodeTypeParams,
    body: wire.optionsBody,
    responses: { 200: { description: 'A page of choices. Any other value may be typed.', schema: wire.optionsPage } },
    problems: PROBLEMS,
    handle: async (ctx, { params, body }) => ({ status: 200, body: await findOptions(ctx, { ...params, ...body }) }),
  }),
  defineRoute({
    method: 'post',
    path: '/api/node-types/:type/fields',
    id: 'findFields',
    access: { permission: 'connection:use', of: 'connection' },
    summary: 'Loads the schema of fields that only the provider knows, such as the columns of a table.',
    params: wire.nodeTypeParams,
    body: wire.fieldsBody,
    responses: { 200: { description: 'The schema.', schema: wire.fieldsAnswer } },
    problems: PROBLEMS,
    handle: async (ctx, { params, body }) => ({ status: 200, body: await findFields(ctx, { ...params, ...body }) }),
  }),
] as const;

import { defineRoute } from '../http/route.ts';
import { filledForm } from '../pages/body.ts';
import { openPage } from '../pages/open-page.ts';
import { findForm } from './find-form.ts';
import { mintLink } from './mint-link.ts';
import { result } from './result.ts';
import * as wire from './schema.ts';
import { show } from './show.ts';
import { submit } from './submit.ts';

const LINKS = ['link.notFound', 'link.expired', 'link.used', 'guess.tooMany'] as const;

export const formRoutes = [
  defineRoute({
    method: 'get',
    path: '/forms/:token',
    id: 'showForm',
    access: { public: 'The token in the address is the permission to fill in the form.' },
    summary: 'The page of a form. Opening it starts nothing.',
    params: wire.formParams,
    query: wire.linkQuery,
    responses: { 200: { description: 'HTML: the form.' } },
    problems: ['form.notFound', 'trigger.off', 'trigger.expression', ...LINKS],
    handle: (ctx, { params, query, ...request }) => openPage(ctx, request, () => show(ctx, { ...params, ...query })),
  }),
  defineRoute({
    method: 'post',
    path: '/forms/:token',
    id: 'sendForm',
    access: { public: 'The token in the address is the permission to fill in the form.' },
    summary: 'Starts the run of a filled-in form. The same form sent twice starts one run.',
    params: wire.formParams,
    query: wire.linkQuery,
    body: wire.formBody,
    bodyKind: filledForm,
    responses: {
      200: { description: 'HTML: the form with another row.' },
      303: { description: 'The run is started; the address of its result.' },
    },
    problems: [
      ...(['form.notFound', 'trigger.off', 'trigger.declined', 'trigger.expression', 'form.sent'] as const),
      ...(['schema.tooCostly', 'run.tooMany', 'temporal.unavailable'] as const),
      ...LINKS,
    ],
    admit: (ctx, { params, query, ...request }) =>
      openPage(ctx, request, async () => {
        await findForm(ctx, { ...params, ...query });
        return null;
      }),
    handle: (ctx, { params, query, body, ...request }) =>
      openPage(ctx, request, () => submit(ctx, { ...params, ...query, filled: body, wantsPage: request.wantsPage })),
  }),
  defineRoute({
    method: 'get',
    path: '/forms/:token/results/:view',
    id: 'showFormResult',
    access: { public: 'The signed token in the address is the permission to see the result.' },
    summary: 'What came of a form: the state of its run and its result.',
    params: wire.resultParams,
    responses: { 200: { description: 'HTML: the state, or the result.' } },
    problems: ['link.notFound', 'link.expired', 'guess.tooMany'],
    handle: (ctx, { params, ...request }) =>
      openPage(ctx, request, () => result(ctx, { ...params, signal: request.signal })),
  }),
  defineRoute({
    method: 'post',
    path: '/api/workflows/:name/triggers/:id/links',
    id: 'makeFormLink',
    access: { permission: 'trigger:control', of: 'trigger' },
    summary: 'Makes a link to a form: it works until it expires, and starts one run.',
    params: wire.triggerParams,
    body: wire.linkBody,
    responses: { 201: { description: 'The link.', schema: wire.madeLink } },
    problems: ['trigger.notFound'],
    handle: async (ctx, { params: { name, id }, body: { expiresIn } }) => ({
      status: 201,
      body: await mintLink(ctx, { workflow: name, trigger: id, expiresInMs: expiresIn }),
    }),
  }),
] as const;

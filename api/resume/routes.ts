import { defineRoute } from '../http/route.ts';
import { page } from '../pages/html.ts';
import { openPage } from '../pages/open-page.ts';
import { answerPage } from './answer.ts';
import { linkAnswer } from './body.ts';
import { decide } from './decide.ts';
import { findLink } from './read-link.ts';
import { resumeBody, resumed, resumeParams } from './schema.ts';
import { show } from './show.ts';

export const resumeRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/resume/:token',
    id: 'showLink',
    access: { public: 'The signed token in the address is the permission to decide.' },
    summary: 'The page of a one-use link.',
    params: resumeParams,
    responses: { 200: { description: 'HTML: what the link decides, with its buttons.' } },
    problems: ['link.notFound', 'link.used', 'link.over', 'link.expired', 'guess.tooMany'],
    handle: (ctx, { params, ...request }) => openPage(ctx, request, () => show(ctx, params)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/resume/:token',
    id: 'useLink',
    access: { public: 'The signed token in the address is the permission to decide.' },
    summary: 'Uses a one-use link: decides its approval, or ends its event wait.',
    params: resumeParams,
    body: resumeBody,
    bodyKind: linkAnswer,
    responses: { 200: { description: 'The wait is decided. A form is answered with a page.', schema: resumed } },
    problems: [
      'link.notFound',
      'link.used',
      'link.over',
      'link.expired',
      'guess.tooMany',
      'approval.values',
      'schema.tooCostly',
      'approval.notWaiting',
      'event.notWaiting',
      'worker.unavailable',
      'temporal.unavailable',
    ],
    admit: (ctx, { params, ...request }) =>
      openPage(ctx, request, async () => {
        await findLink(ctx, params.token);
        return null;
      }),
    handle: (ctx, { params, body, ...request }) =>
      openPage(ctx, request, async () => {
        const { wantsPage } = request;
        const { filled, ...answer } = body;
        if (filled && wantsPage) return answerPage(ctx, { ...params, ...answer, filled });
        const done = await decide(ctx, { ...params, ...answer });
        if (!wantsPage) return { status: 200, body: done };
        return { status: 200, html: page('Thank you', '<p>Your answer is on its way. You can close this page.</p>') };
      }),
  }),
] as const;

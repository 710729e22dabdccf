import { problemOf } from '../http/errors.ts';
import { PROBLEMS } from '../http/problem.ts';
import { defineRoute, type Reply, type Route } from '../http/route.ts';
import { decide } from './decide.ts';
import { page, text } from './html.ts';
import { resumeBody, resumed, resumeParams } from './schema.ts';
import { show } from './show.ts';

export const resumeRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/resume/:token',
    id: 'showLink',
    summary: 'The page of a one-use link.',
    params: resumeParams,
    responses: { 200: { description: 'HTML: what the link decides, with its buttons.' } },
    problems: ['link.notFound', 'link.used', 'link.over', 'link.expired'],
    handle: (ctx, { params, wantsPage }) => orPage(wantsPage, () => show(ctx, params)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/resume/:token',
    id: 'useLink',
    summary: 'Uses a one-use link: decides its approval, or ends its event wait.',
    params: resumeParams,
    body: resumeBody,
    bodyKind: 'form',
    responses: { 200: { description: 'The wait is decided. A form is answered with a page.', schema: resumed } },
    problems: [
      'link.notFound',
      'link.used',
      'link.over',
      'link.expired',
      'approval.values',
      'schema.tooCostly',
      'approval.notWaiting',
      'event.notWaiting',
      'worker.unavailable',
      'temporal.unavailable',
    ],
    handle: (ctx, { params, body, wantsPage }) =>
      orPage(wantsPage, async () => {
        const done = await decide(ctx, { ...params, ...body });
        if (!wantsPage) return { status: 200, body: done };
        return { status: 200, html: page('Thank you', '<p>Your answer is on its way. You can close this page.</p>') };
      }),
  }),
];

/** A person who follows a link gets a page, even if the link cannot be used. */
async function orPage(wantsPage: boolean, answer: () => Promise<Reply>): Promise<Reply> {
  try {
    return await answer();
  } catch (error) {
    const problem = problemOf(error);
    const [status, title] = PROBLEMS[problem.code];
    if (!wantsPage || status >= 500) throw error;
    return { status, html: page(title, `<p>${text(problem.message)}</p>`) };
  }
}

import { z } from 'zod';
import { defineRoute } from '../http/route.ts';
import { openPage } from '../pages/open-page.ts';
import { begin, callback } from './visit.ts';

const text = (most: number) => z.string().max(most).optional();

export const oauthRoutes = [
  defineRoute({
    method: 'get',
    path: '/api/oauth/begin/:ticket',
    id: 'beginVisit',
    access: { public: 'The ticket in the address was given to whoever may connect the connection.' },
    summary: 'Sends a browser to the page of a service, and lets it come back. Changes nothing.',
    params: z.strictObject({ ticket: z.string().max(100) }),
    responses: { 302: { description: 'HTML: the page of the service, at `location`.' } },
    problems: ['link.notFound', 'guess.tooMany'],
    handle: (ctx, { params, ...request }) => openPage(ctx, request, () => begin(ctx, params)),
  }),
  defineRoute({
    method: 'get',
    path: '/api/oauth/callback/:server',
    id: 'endVisit',
    access: { public: 'The cookie of the browser that began, with the state that belongs to it, is the permission.' },
    summary: 'Where the page of a service sends the browser back. Takes one answer, from the browser that began.',
    params: z.strictObject({ server: z.string().max(300) }),
    query: z.looseObject({ state: text(200), code: text(4_000), iss: text(1_000), error: text(200) }),
    headers: z.object({ cookie: text(16_384) }),
    responses: { 200: { description: 'HTML: the connection is connected.' } },
    problems: ['link.notFound', 'link.over', 'guess.tooMany', 'connection.refused'],
    handle: (ctx, { params, query, headers, ...request }) =>
      openPage(ctx, request, () => callback(ctx, { ...params, query, cookies: headers.cookie ?? '' })),
  }),
] as const;

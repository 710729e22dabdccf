import type { Hono, Context as HonoContext } from 'hono';
import type { Context } from '../context.ts';
import { connectionOf } from '../http/connection.ts';
import { ApiProblem } from '../http/problem.ts';
import { answerCaptured, answerDeclined, answerHeld, answerStarted, comeAgain } from './answer.ts';
import { allowed, allowOrigin, answerOptions } from './cors.ts';
import { findHook, type Hook } from './find-hook.ts';
import { createGate, type Gate } from './gate.ts';
import { matchPath } from './path.ts';
import { takeRate } from './rate.ts';
import { createHookReads, type HookReads } from './reads.ts';
import { readBody } from './receive/read.ts';
import { awaitReply } from './reply/await.ts';
import { writeReply } from './reply/render.ts';
import { type Received, receivedHeaders } from './request.ts';
import { createShares, type Shares } from './shares.ts';
import { type Taken, takeRequest } from './take.ts';
import { allowAttempt, Unverified } from './verified.ts';

const ROOT = '/hooks/';

/** Whether an address is that of a webhook: it judges pages of other sites itself, by its `origins`. */
export const isHookPath = (path: string): boolean => path.startsWith(ROOT);

/** Serves the addresses of webhooks. They are not part of the API: each takes what its trigger says. */
export function mountHooks(app: Hono, ctx: Context): void {
  const room: Room = { gate: createGate(), shares: createShares(), reads: createHookReads(ctx) };
  for (const path of [`${ROOT}:token`, `${ROOT}:token/*`]) {
    app.all(path, (c) =>
      serveHook(c, ctx, room).catch((error) => {
        if (error instanceof Unverified && error.scheme !== undefined) c.header('www-authenticate', error.scheme);
        throw error instanceof ApiProblem ? comeAgain(error) : error;
      }),
    );
  }
}

/** What all requests to webhooks of this process share. */
interface Room {
  readonly gate: Gate;
  readonly shares: Shares;
  readonly reads: HookReads;
}

async function serveHook(c: HonoContext, ctx: Context, { gate, shares, reads }: Room): Promise<Response> {
  const token = c.req.param('token') ?? '';
  await takeRate(ctx, token);
  const taken = await gate.pass(token, async () => {
    const hook = await findHook(ctx, reads, token);
    allowOrigin(c, hook.options);
    return received(c, ctx, { hook, shares, reads });
  });
  return taken instanceof Response ? taken : answer(c, ctx, { taken, reads });
}

async function received(
  c: HonoContext,
  ctx: Context,
  { hook, shares, reads }: { hook: Hook; shares: Shares; reads: HookReads },
): Promise<Response | Taken> {
  const { method } = c.req.raw;
  const { methods, path, maxBytes } = hook.options;
  if (method === 'OPTIONS') return answerOptions(c, hook.options);
  const { pathname, search } = new URL(c.req.url);
  const rest = pathname.split('/').slice(3).join('/');
  const sent = rest === '' ? '' : `/${rest}`;
  const params = matchPath(path, sent);
  if (params === null)
    throw new ApiProblem('hook.notFound', `This webhook takes requests at ${path} below its address.`);
  // Some senders try an address with HEAD before they use it. That is no event.
  if (method === 'HEAD') return c.body(null, 200);
  if (!methods.includes(method)) {
    c.header('allow', allowed(methods));
    throw new ApiProblem('method.notAllowed', `This webhook takes ${methods.join(', ')}.`);
  }
  const sender = ctx.senderOf(connectionOf(c));
  await allowAttempt(ctx, hook, sender);
  const bytes = await readBody(c.req.raw, maxBytes);
  const url = `${ctx.publicUrl}${pathname}${search}`;
  const request: Received = { method, rest: sent, url, sender, headers: receivedHeaders(c), ...bytes };
  return shares.use(c.req.param('token') ?? '', () => takeRequest(ctx, hook, { received: request, params, reads }));
}

async function answer(
  c: HonoContext,
  ctx: Context,
  { taken, reads }: { taken: Taken; reads: HookReads },
): Promise<Response> {
  switch (taken.kind) {
    case 'challenge':
      return c.text(taken.text);
    case 'declined':
      return answerDeclined(c);
    case 'held':
      return answerHeld(c, ctx, taken.held);
    case 'captured':
      return answerCaptured(c);
    case 'started': {
      const { started, replyWithinMs } = taken;
      const reply = replyWithinMs === null ? null : await awaitReply(ctx, reads, { started, ms: replyWithinMs });
      if (reply) return writeReply(c, ctx, reply, started.runId);
      await started.open();
      return answerStarted(c, ctx, started.runId);
    }
  }
}

import type { Context as HonoContext } from 'hono';
import { needsWorker } from '../../graph/inline-run/index.ts';
import type { JsonObject } from '../../graph/json.ts';
import type { Hold } from '../bodies.ts';
import type { Context } from '../context.ts';
import { weightOf } from '../hook-shares.ts';
import { connectionOf, hasArrived } from '../http/connection.ts';
import { ApiProblem } from '../http/problem.ts';
import { allowed, allowOrigin, answerOptions } from './cors.ts';
import { findHook, type Hook } from './find-hook.ts';
import { matchPath } from './path.ts';
import { busy } from './rate.ts';
import type { HookReads } from './reads.ts';
import type { Places } from './receive/places.ts';
import { readBody } from './receive/read.ts';
import type { Waiters } from './reply/waiters.ts';
import { type Head, receivedHeaders } from './request.ts';
import { type Taken, takeRequest } from './take.ts';
import { allowAttempt, requireCredential } from './verified.ts';

/** What all requests to webhooks of this process share. */
export interface Room {
  readonly places: Places;
  readonly reads: HookReads;
  readonly waiters: Waiters;
}

/** A request to an address. */
interface Call {
  readonly token: string;
  readonly room: Room;
  /** Counts its body. */
  readonly hold: Hold;
}

/** A webhook that takes the request. */
interface Admitted {
  readonly hook: Hook;
  /** Parameters of its path. */
  readonly params: JsonObject;
}

/**
 * Receives a request and takes it. While its body comes, it holds no share of the process, and what was found before the body
 * is found again after it: a webhook may have been switched off meanwhile, or have another secret.
 *
 * @throws ApiProblem `hook.busy`, `server.busy`, and those of each step
 */
export async function receiveCall(c: HonoContext, ctx: Context, call: Call): Promise<Response | Taken> {
  const { token, hold, room } = call;
  const { places, reads } = room;
  const shares = ctx.hookShares;
  const head = headOf(c, ctx);
  if (shares.isFull(token)) throw busy();
  const first = await shares.work(token, () => admit(c, ctx, { head, token, reads }));
  if (first instanceof Response) return first;
  // Then nothing of it has come later than what was found.
  const isWhole = hasArrived(c);
  if (!isWhole) await requireCredential(ctx, first.hook, { head, reads });
  const sender = head.sender.name ?? `via ${head.sender.via}`;
  const { maxBytes } = first.hook.options;
  const bytes = await places.use({ address: token, sender }, (stoppable) =>
    readBody(c.req.raw, { maxBytes, hold, stoppable }),
  );
  const take = async (): Promise<Response | Taken> => {
    const now = isWhole ? first : await admit(c, ctx, { head, token, reads });
    if (now instanceof Response) return now;
    return takeRequest(ctx, now.hook, { received: { ...head, ...bytes }, params: now.params, reads });
  };
  const weight = weightOf({ bytes: bytes.body.length, isDurable: needsWorker(first.hook.plan) });
  return shares.work(token, take, weight);
}

/**
 * Looks at a request before its body: whether there is such a webhook, and whether it takes such requests.
 *
 * @returns the answer to a request that is no event
 */
async function admit(
  c: HonoContext,
  ctx: Context,
  { head, token, reads }: { head: Head; token: string; reads: HookReads },
): Promise<Response | Admitted> {
  const { method, rest, sender } = head;
  const hook = await findHook(ctx, reads, token);
  const { methods, path } = hook.options;
  allowOrigin(c, hook.options);
  if (method === 'OPTIONS') return answerOptions(c, hook.options);
  const params = matchPath(path, rest);
  if (params === null)
    throw new ApiProblem('hook.notFound', `This webhook takes requests at ${path} below its address.`);
  // Some senders try an address with HEAD before they use it. That is no event.
  if (method === 'HEAD') return c.body(null, 200);
  if (!methods.includes(method)) {
    c.header('allow', allowed(methods));
    throw new ApiProblem('method.notAllowed', `This webhook takes ${methods.join(', ')}.`);
  }
  await allowAttempt(ctx, hook, sender);
  return { hook, params };
}

function headOf(c: HonoContext, ctx: Context): Head {
  const { pathname, search } = new URL(c.req.url);
  const rest = pathname.split('/').slice(3).join('/');
  return {
    method: c.req.raw.method,
    rest: rest === '' ? '' : `/${rest}`,
    url: `${ctx.publicUrl}${pathname}${search}`,
    sender: ctx.senderOf(connectionOf(c)),
    headers: receivedHeaders(c),
  };
}

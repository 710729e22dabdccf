import type { Hono, Context as HonoContext } from 'hono';
import type { Context } from '../context.ts';
import { incomingOf } from '../http/connection.ts';
import { ApiProblem } from '../http/problem.ts';
import { answerCaptured, answerDeclined, answerHeld, answerStarted, comeAgain } from './answer.ts';
import { takeRate } from './rate.ts';
import { createHookReads } from './reads.ts';
import { createPlaces } from './receive/places.ts';
import { type Room, receiveCall } from './receive-call.ts';
import { awaitReply } from './reply/await.ts';
import { writeReply } from './reply/render.ts';
import { createWaiters } from './reply/waiters.ts';
import type { Taken } from './take.ts';
import { Unverified } from './verified.ts';

const ROOT = '/hooks/';

/** Whether an address is that of a webhook: it judges pages of other sites itself, by its `origins`. */
export const isHookPath = (path: string): boolean => path.startsWith(ROOT);

/** Serves the addresses of webhooks. They are not part of the API: each takes what its trigger says. */
export function mountHooks(app: Hono, ctx: Context): void {
  const room: Room = {
    places: createPlaces(),
    reads: createHookReads(ctx),
    waiters: createWaiters(),
  };
  for (const path of [`${ROOT}:token`, `${ROOT}:token/*`]) {
    app.all(path, (c) =>
      serveHook(c, ctx, room).catch((error) => {
        if (error instanceof Unverified && error.scheme !== undefined) c.header('www-authenticate', error.scheme);
        throw error instanceof ApiProblem ? comeAgain(error) : error;
      }),
    );
  }
}

async function serveHook(c: HonoContext, ctx: Context, room: Room): Promise<Response> {
  const token = c.req.param('token') ?? '';
  await takeRate(ctx, token, incomingOf(c));
  const hold = ctx.bodies.open();
  // Whoever waits for the answer of a run holds no body any more.
  const taken = await receiveCall(c, ctx, { token, room, hold }).finally(hold.giveAllBack);
  return taken instanceof Response ? taken : answer(c, ctx, { taken, token, room });
}

async function answer(
  c: HonoContext,
  ctx: Context,
  { taken, token, room }: { taken: Taken; token: string; room: Room },
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
      const { started, replyWithinMs: ms } = taken;
      const caller = { address: token, started, signal: c.req.raw.signal };
      const reply = ms === null ? null : await awaitReply(ctx, room, { ...caller, ms });
      if (reply) return writeReply(c, ctx, reply, started.runId);
      await started.open();
      return answerStarted(c, ctx, started.runId);
    }
  }
}

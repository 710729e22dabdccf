import type { IncomingMessage } from 'node:http';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { isToken } from './find-hook.ts';

/** The address of a webhook as almost everybody writes it. */
const ADDRESS = /^\/hooks\/([\w-]{20,64})(?=[/?]|$)/;

/**
 * Takes one of the requests that an address may get. Nothing is asked of the database before, so that a flood costs little;
 * what is refused is counted.
 *
 * @param request what stands for the request, if it may have been asked for before
 * @throws ApiProblem `hook.tooMany`
 */
export async function takeRate(ctx: Context, token: string, request?: object): Promise<void> {
  const { allowed, retryAfterMs } = await ctx.hookRates.take(token, request);
  if (allowed) return;
  if (isToken(token)) ctx.tally.countRefusedAt(token);
  throw new ApiProblem(
    'hook.tooMany',
    `This webhook takes ${ctx.hookRate} requests a second. Send this one again soon.`,
    { retryAfterMs },
  );
}

/**
 * Asks for the rate, and for room, as soon as a request has come. Most of what a refusal costs is what stands around it in
 * the app.
 *
 * @returns undefined for what is no webhook; null: the request goes on
 */
export function refuseEarly(ctx: Context, request: IncomingMessage): Promise<ApiProblem | null> | undefined {
  const token = ADDRESS.exec(request.url ?? '')?.[1];
  if (token === undefined) return undefined;
  if (ctx.hookShares.isFull(token)) return Promise.resolve(busy());
  return takeRate(ctx, token, request).then(
    () => null,
    (error: ApiProblem) => error,
  );
}

/** What a sender is told when enough requests to the same address are being worked on. */
export const busy = (): ApiProblem =>
  new ApiProblem('hook.busy', 'Many requests to this address are being worked on. Send it again soon.');

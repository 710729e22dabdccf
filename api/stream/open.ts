import { mayUse, type Principal } from '../access/principal.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import type { Reply } from '../http/route.ts';
import { readEventId } from '../live/event-id.ts';
import { MOST_FOLLOWERS } from '../live/feed.ts';
import { parseTopics, permissionsOf } from './parse-topics.ts';

/** Follows topics live. @throws ApiProblem `request.invalid`, `access.denied` for one of the topics, `stream.tooMany` */
export async function openStream(
  ctx: Context,
  input: { topics: string; lastEventId: string | undefined; principal: Principal },
): Promise<Reply> {
  const topics = parseTopics(input.topics);
  for (const access of permissionsOf(topics)) if (!mayUse(input.principal, access)) throw denied(access.permission);
  const { lastEventId } = input;
  // An empty one is what a browser sends that has had no event yet.
  const from = lastEventId ? readEventId(lastEventId, Date.now()) : undefined;
  const stream = await ctx.feed.follow(topics, from);
  if (stream === null) throw tooMany();
  return { status: 200, headers: { 'x-accel-buffering': 'no' }, stream, type: 'text/event-stream' };
}

const denied = (permission: string): ApiProblem =>
  new ApiProblem('access.denied', `Your role does not include ${permission}. Ask an owner of the workspace for it.`);

const tooMany = (): ApiProblem =>
  new ApiProblem('stream.tooMany', `This server has ${MOST_FOLLOWERS} live connections, which is the most.`, {
    retryAfterMs: 10_000,
  });

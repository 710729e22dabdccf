/** Activities, of which a suspected one runs in a process of its own. */
import { Context } from '@temporalio/activity';
import { attemptOf } from '../../activities/base/attempt.ts';
import type { ActivityLog } from '../../activities/base/deps.ts';
import { keepAlive } from '../../activities/base/heartbeat.ts';
import { toFailure } from '../../activities/failure.ts';
import { NodeError } from '../../integrations/error.ts';
import type { EffectRequest } from '../../workflows/contract.ts';
import type { LocalWork } from '../threads/local-work.ts';
import { ChildDied, ChildNotStarted, type Children } from './children.ts';
import type { Suspects } from './suspects.ts';

type Activity = (input: never) => Promise<unknown>;

/** What the guard works with. */
export interface GuardContext {
  readonly suspects: Suspects;
  /** Absent: no step runs in a process of its own. */
  readonly children: Children | undefined;
  readonly local: LocalWork;
  readonly log: ActivityLog;
}

/** It waits for another workflow, perhaps for months, and does nothing else. */
const NEVER = 'blokAwait';

/** How long a suspect waits for a process of its own. After that it runs as usual, and cannot be found guilty. */
const WAIT_MS = 20_000;

/** The same activities, guarded. */
export const guarded = <Activities extends object>(ctx: GuardContext, activities: Activities): Activities =>
  Object.fromEntries(
    Object.entries(activities).map(([name, activity]) => [
      name,
      name === NEVER ? activity : guard(ctx, name, activity),
    ]),
  ) as Activities;

function guard(ctx: GuardContext, name: string, activity: Activity): Activity {
  return async (input) => {
    const { info } = Context.current();
    if (info.isLocal) return ctx.local.during(info.workflowExecution?.workflowId ?? '', () => activity(input));
    if (!ctx.children) return activity(input);
    const isSuspect = await ctx.suspects.begins(info, input as Pick<EffectRequest, 'attemptsBefore'>);
    const result = isSuspect
      ? await runAlone({ ...ctx, children: ctx.children }, name, activity, input)
      : await activity(input);
    ctx.suspects.succeeded(info);
    return result;
  };
}

async function runAlone(
  ctx: GuardContext & { children: Children },
  name: string,
  activity: Activity,
  input: never,
): Promise<unknown> {
  const context = Context.current();
  const { info, cancellationSignal } = context;
  const startedAt = new Date().toISOString();
  let stop = keepAlive();
  // What the activity notes must not be replaced by what was noted before.
  const beat = (details: unknown): void => {
    stop();
    context.heartbeat(details);
    stop = keepAlive(() => context.heartbeat(details));
  };
  try {
    const child = await ctx.children.take(Math.min(WAIT_MS, (info.startToCloseTimeoutMs ?? WAIT_MS) / 4));
    if (!child) return await activity(input);
    return await child.run({ activity: name, input, info }, cancellationSignal, beat);
  } catch (thrown) {
    if (thrown instanceof ChildNotStarted) return await activity(input);
    if (!(thrown instanceof ChildDied)) throw thrown;
    const request = input as Partial<EffectRequest>;
    const { workspace, runId: run, step } = request;
    ctx.log.warn({ workspace, run, step, type: info.activityType, how: thrown.message }, 'a step ended its process');
    const attempt = (request.attemptsBefore ?? 0) + attemptOf(info);
    throw toFailure(crashed(attempt, thrown), {}, { attempt, startedAt, endedAt: new Date().toISOString() });
  } finally {
    stop();
  }
}

const crashed = (attempt: number, { message }: ChildDied): NodeError =>
  new NodeError(
    'step.crashed',
    `The process that ran this step ended each time; attempt ${attempt} had the process for itself (${message}).`,
    { unknown: true },
  );

import {
  ActivityCancellationType,
  type ActivityOptions,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import {
  type EffectCall,
  type EffectOutcome,
  follows,
  givesUpOn,
  isToStore,
  Reference,
  settleEffect,
} from '../../../graph/sandbox.ts';
import { type EffectResult, isCrowd, type SentRequest, type StepNames } from '../../contract.ts';
import { type Driver, post } from '../base/driver.ts';
import { empty } from '../base/empty.ts';
import { isLarge, slim } from '../base/payload.ts';
import { Scope } from '../base/scope.ts';
import { giveScopeBack, takeScope } from '../base/step-scopes.ts';
import { callRun } from './call-run.ts';
import { outcomeOfFailure } from './failure.ts';
import { keepLarge } from './keep.ts';
import { leaveLine, standInLine } from './lines.ts';

/** Attempts that may take longer than this send heartbeats, so that a lost worker is noticed soon. */
const HEARTBEAT_MS = 10_000;

/** Steps of a crowd send fewer: hundreds at a time would keep Temporal busier with heartbeats than with steps. */
const CROWD_HEARTBEAT_MS = 30_000;

/** The server's names for the timeouts of one attempt, used where a timeout must not be retried. */
const TIMEOUTS = ['TemporalTimeout:StartToClose', 'TemporalTimeout:Heartbeat'];

/**
 * How long a step of a queue may wait for its turn before Temporal gives it up: for the turn in a worker, and in all. A
 * step's own limits count from its turn on, and the worker keeps them.
 */
const TURN_WITHIN_MS = 3_600_000;
const TURNS_WITHIN_MS = 24 * 3_600_000;

/** Node types whose runs are nested below this one. */
const STARTS_RUNS = ['workflow.run', 'event.emit'];

type Runner = (request: SentRequest) => Promise<EffectResult>;
type Proxies = Record<
  string,
  { executeWithOptions(options: ActivityOptions, args: [SentRequest]): Promise<EffectResult> } & Runner
>;

const tasks = proxyActivities({ startToCloseTimeout: '1 minute' }) as unknown as Proxies;

/** Starts the one activity of an effect. Its type is the node type, its id the step path. */
export function startEffect(driver: Driver, call: EffectCall): void {
  const scope = scopeFor(driver, call.path);
  const settle = (outcome: EffectOutcome | undefined): void => {
    driver.effects.delete(call.path);
    // A called run may go on in its scope after the step that called it.
    if (call.uses !== 'workflow.run') giveScopeBack(driver.stepScopes, scope);
    leaveLine(driver, call, outcome);
    empty(request);
    if (!outcome) return;
    if (outcome.ok && isToStore(driver.run, outcome.output)) keepOutput(driver, call, outcome).then(come, fail);
    else come(outcome);
  };
  const come = (outcome: EffectOutcome): void => post(driver, () => settleEffect(driver.run, call.path, outcome));
  const fail = (thrown: unknown): void => settle(outcomeOfFailure(thrown, call));
  driver.effects.set(call.path, scope);
  const request = requestOf(driver, call);
  const taskQueue = standInLine(driver, call);
  if (call.uses === 'workflow.run' || isLarge(request)) {
    scope.run(() => runInSteps(driver, call, request, taskQueue)).then(settle, fail);
  } else {
    scope
      .run(() => dispatch(call, request, taskQueue))
      .then((result) => settle({ ok: true, output: outputFrom(result), meta: result.meta }), fail);
  }
}

/**
 * Called runs may return more than an activity, and a run that holds a lot keeps small outputs by reference, too. The
 * effect is done, so a cancel does not stop this.
 */
async function keepOutput(
  driver: Driver,
  { effect: { inline } }: EffectCall,
  outcome: Extract<EffectOutcome, { ok: true }>,
): Promise<EffectOutcome> {
  return { ...outcome, output: await driver.scope.run(() => keepLarge(driver, { value: outcome.output, inline })) };
}

async function runInSteps(
  driver: Driver,
  call: EffectCall,
  request: SentRequest,
  taskQueue: string | undefined,
): Promise<EffectOutcome | undefined> {
  if (call.uses === 'workflow.run')
    return callRun(driver, call, request, (slimmed) => dispatch(call, slimmed, taskQueue));
  const result = await dispatch(call, await slim(driver, request), taskQueue);
  return { ok: true, output: outputFrom(result), meta: result.meta };
}

/** The scope of a step. In earlier versions, the effects of a body share one; `notify` and undo steps have their own. */
function scopeFor({ run, scope, bodies, stepScopes }: Driver, path: string): Scope {
  if (follows(run, 'stepsStopAlone')) return takeScope(stepScopes, scope);
  const place = run.places.get(path);
  const body = place && run.state.frames[place.frame];
  const known = body && bodies.get(body);
  if (known) return known;
  const fresh = new Scope({ cancellable: true, parent: scope });
  if (body) bodies.set(body, fresh);
  return fresh;
}

/** The output of an activity: by value, or a reference with the values that are read downstream. */
export function outputFrom(result: Pick<EffectResult, 'output' | 'ref' | 'inline'>): unknown {
  return result.ref ? new Reference({ ...result.ref, inline: result.inline ?? {} }) : (result.output ?? null);
}

/** Activity type of a node type: its name, and its major version if that is above 1. */
export function activityType(uses: string, version: string): string {
  const major = Number.parseInt(version, 10);
  return major > 1 ? `${uses}@${major}` : uses;
}

function dispatch(call: EffectCall, request: SentRequest, taskQueue: string | undefined): Promise<EffectResult> {
  if (!call.effect.queue) return dispatchOnce(call, request, taskQueue);
  const again = (result: EffectResult): EffectResult | Promise<EffectResult> =>
    result.handedBack ? dispatchOnce(call, request, taskQueue).then(again) : result;
  return dispatchOnce(call, request, taskQueue).then(again);
}

function dispatchOnce(call: EffectCall, request: SentRequest, taskQueue: string | undefined): Promise<EffectResult> {
  const type = activityType(call.uses, call.effect.version);
  const { retry } = call.effect;
  const attempt = attemptMs(call);
  const [turn, turns] = call.effect.queue ? [TURN_WITHIN_MS, TURNS_WITHIN_MS] : [0, 0];
  const policy = {
    maximumAttempts: call.attempts,
    initialInterval: Math.max(1, call.delayMs),
    backoffCoefficient: Math.max(1, retry.factor),
    maximumInterval: Math.max(1, call.delayMs, retry.maxDelayMs),
    ...(givesUpOn(retry, 'timeout') ? { nonRetryableErrorTypes: TIMEOUTS } : {}),
  };
  if (call.effect.dispatch === 'local') {
    const local = proxyLocalActivities({
      startToCloseTimeout: attempt,
      scheduleToCloseTimeout: call.timeoutMs,
      retry: policy,
      cancellationType: cancellationType(call),
      summary: summaryOf(call),
    } as never) as unknown as Record<string, Runner>;
    return local[type]!(request);
  }
  return tasks[type]!.executeWithOptions(
    {
      activityId: call.id,
      startToCloseTimeout: attempt + turn,
      scheduleToCloseTimeout: call.timeoutMs + turns,
      heartbeatTimeout: heartbeatMs(call, taskQueue, attempt + turn),
      retry: policy,
      cancellationType: cancellationType(call),
      summary: summaryOf(call),
      ...(taskQueue ? { taskQueue } : {}),
      ...(call.priority ? { priority: { priorityKey: call.priority } } : {}),
    } as ActivityOptions,
    [request],
  );
}

/**
 * How long the worker of an attempt may say nothing, or undefined if the attempt is too short for heartbeats. Half of the
 * attempt at most, so that a lost worker is not taken for a slow attempt. A cancelled step hears of that with its next
 * heartbeat: soon, if it holds a scarce place of a queue or if its run waits for it.
 */
function heartbeatMs(
  { awaited, effect }: EffectCall,
  taskQueue: string | undefined,
  attempt: number,
): number | undefined {
  if (attempt <= HEARTBEAT_MS) return undefined;
  if (awaited || effect.queue || !taskQueue || !isCrowd(taskQueue)) return HEARTBEAT_MS;
  return Math.max(HEARTBEAT_MS, Math.min(CROWD_HEARTBEAT_MS, attempt / 2));
}

/** How long one attempt may take. */
const attemptMs = ({ effect, timeoutMs }: EffectCall): number =>
  Math.max(1, Math.min(effect.retry.attemptTimeoutMs, timeoutMs));

const cancellationType = (call: EffectCall): ActivityCancellationType =>
  call.awaited ? ActivityCancellationType.WAIT_CANCELLATION_COMPLETED : ActivityCancellationType.TRY_CANCEL;

/**
 * What the Temporal UI shows beside the node type: the label. Without a label, the path; with a label that rounds or
 * items share, both.
 */
function summaryOf({ label, path }: EffectCall): string {
  const text = label === undefined ? path : path.includes('[') ? `${label} · ${path}` : label;
  return text.slice(0, 100);
}

function requestOf(driver: Driver, call: EffectCall): SentRequest {
  const { input, run } = driver;
  const { inline, retry } = call.effect;
  const { giveUpOn } = retry;
  return {
    ...(call.with ? { with: call.with.value, ...(call.with.refs ? { refs: call.with.refs } : {}) } : {}),
    ...(call.deferred ? { deferred: call.deferred } : {}),
    // A local activity has no id that names the step, and writes no request to history.
    ...(driver.asksInShort && call.effect.dispatch !== 'local' ? {} : namesOf(driver, call)),
    ...(call.effect.connection ? { connection: call.effect.connection } : {}),
    ...(STARTS_RUNS.includes(call.uses) && input.depth ? { depth: input.depth } : {}),
    ...(call.attemptsBefore > 0 ? { attemptsBefore: call.attemptsBefore } : {}),
    ...(giveUpOn.length > 0 ? { giveUpOn } : {}),
    ...(inline.length > 0 ? { inline } : {}),
    ...(call.effect.queue ? { limits: { attemptMs: attemptMs(call), timeoutMs: call.timeoutMs } } : {}),
    ...(call.resume ? { resume: { ...call.resume, at: new Date(run.now).toISOString() } } : {}),
  };
}

function namesOf({ input: { workspace, workflow, runId }, workflowId }: Driver, call: EffectCall): StepNames {
  const { path: step, uses: type } = call;
  const { version } = call.effect;
  return { step, type, version, workspace, workflow, runId, idempotencyKey: `${workflowId}/${step}` };
}

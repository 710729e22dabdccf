import { CancelledFailure, CompleteAsyncError, Context, type Info } from '@temporalio/activity';
import { openNamedConnection } from '../../credentials/open-named.ts';
import { KEEPS_ALL } from '../../credentials/redact.ts';
import { patiently } from '../../db/index.ts';
import type { NodeType } from '../../integrations/define.ts';
import { NodeError } from '../../integrations/error.ts';
import { findConnectionType, findNode } from '../../integrations/index.ts';
import { limitsOf } from '../../integrations/rate-limit.ts';
import { type EffectMeta, type EffectRequest, type EffectResult, isCrowd } from '../../workflows/contract.ts';
import { attemptOf, waitsOf } from '../base/attempt.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { keepAlive } from '../base/heartbeat.ts';
import { patienceOfActivity } from '../base/patience.ts';
import { stopSignal, wasReset } from '../base/stop-signal.ts';
import { classify, toFailure } from '../failure.ts';
import { handedBack, waitingIn } from '../rates/hand-back.ts';
import { sharedRate, takeFirstTurn } from '../rates/rates.ts';
import { prepareRun, type RunParameters } from '../run/prepare-run.ts';
import { outputOf, requireHandy } from '../store/store-output.ts';
import { HandedBack } from '../turns/turns.ts';
import { checkedParameters } from './checked-parameters.ts';
import { inTurn } from './in-turn.ts';
import { leaveNote, looksBefore } from './look-before.ts';
import { nodeContext } from './node-context.ts';
import { parametersOf } from './parameters.ts';
import { withResume } from './resume-link.ts';
import { stepLog } from './step-log.ts';

/**
 * Runs one node: opens its connection, resolves what the workflow could not resolve, classifies errors. Secrets of the
 * connection are removed from the node's output and errors. Blok's own database may be unavailable for a while.
 *
 * @param find looks up node types: in the catalogue, unless a test has node types of its own
 */
export async function runNode(
  deps: ActivityDeps,
  request: EffectRequest,
  find: typeof findNode = findNode,
): Promise<EffectResult> {
  let startedAt = new Date().toISOString();
  const context = Context.current();
  const { info } = context;
  const end = deps.runEnds.watch(request.runId);
  const stopping = AbortSignal.any([stopSignal(context), end.signal]);
  const { taskQueue } = info;
  const inCrowd = isCrowd(taskQueue);
  const lookBefore = looksBefore(info, request);
  const meta = (): EffectMeta => ({
    attempt: (request.attemptsBefore ?? 0) + attemptOf(info),
    startedAt,
    endedAt: new Date().toISOString(),
  });
  const stop = keepAlive();
  const share = deps.memory.share();
  const log = stepLog(deps, request);
  let redactor = KEEPS_ALL;
  const stored = <T>(work: () => Promise<T>): Promise<T> => patiently(work, patienceOfActivity());
  try {
    const node = nodeOf(request, find);
    const given = await stored(async () => parametersOf(deps, await withResume(deps, request)));
    const input = checkedParameters(node, given);
    if (node.type === 'workflow.run')
      return { output: (await stored(() => prepareRun(deps, request, input as RunParameters))) as never, meta: meta() };
    const { connection: name } = request;
    const { workspace } = request;
    const isKeyless = node.connection?.keyless === true;
    const opened = name ? await stored(() => openNamedConnection(deps, { workspace, name }, { isKeyless })) : null;
    if (opened) redactor = opened.redactor;
    const connection = opened?.connection ?? null;
    const connectionType = connection ? findConnectionType(connection.type) : undefined;
    const limited = { pace: deps.pace, workspace, limits: limitsOf(node, input, connection, connectionType) };
    await stored(() => takeFirstTurn({ ...limited, signal: stopping }, comesAgain(request, info)));
    const output = await inTurn(deps, node, { ...request, inCrowd, stopping }, (signal) => {
      startedAt = new Date().toISOString();
      const rate = sharedRate({ ...limited, signal }, 1);
      const attemptMs = request.limits?.attemptMs ?? info.startToCloseTimeoutMs;
      const { attempt } = meta();
      const during = {
        connection,
        attempt,
        attemptMs,
        log: log.of(attempt, redactor),
        inCrowd,
        lookBefore,
        redactor,
        signal,
        share,
        rate,
      };
      return node.run(nodeContext(deps, request, during), input as never);
    });
    end.signal.throwIfAborted();
    const effect = { unknown: node.effect !== 'read' };
    requireHandy(output, effect);
    return { ...(await stored(() => outputOf(deps, request, redactor.value(output), effect))), meta: meta() };
  } catch (thrown) {
    // Temporal would refuse the outcome, and for that read all that it knows of the run: of a wide one, that takes 15 ms.
    if (end.signal.aborted && !info.isLocal) throw new CompleteAsyncError();
    const waiting = waitingIn(thrown, redactor);
    if (waiting) {
      stop();
      leaveNote({ lookBefore, unknown: false, waits: waitsOf(info) + 1 });
      throw handedBack(waiting, { lookBefore, meta: { ...meta(), attempt: meta().attempt - 1 } });
    }
    if (thrown instanceof HandedBack) return { handedBack: true, meta: meta() };
    stop();
    leaveNote({ lookBefore, unknown: classify(thrown, redactor).unknown, waits: waitsOf(info) });
    throw wasReset(context) ? new CancelledFailure('reset') : toFailure(thrown, request, meta(), redactor);
  } finally {
    end.leave();
    share.release();
    await log.keep();
    stop();
  }
}

/** A step comes again within its activity, or, after a wait of its run, with a further one. */
const comesAgain = (request: EffectRequest, info: Info): { returns: boolean; attemptMs: number } => ({
  returns: info.attempt > 1 || info.activityId !== request.step,
  attemptMs: info.startToCloseTimeoutMs,
});

function nodeOf(request: EffectRequest, find: typeof findNode): NodeType {
  const node = find(request.type, Number.parseInt(request.version, 10));
  if (node) return node;
  // During a deploy, an older worker may meet a newer plan: try again until a newer worker takes the step.
  throw new NodeError('node.unknown', `This worker has no node type ${request.type} ${request.version}.`, {
    retryable: true,
  });
}

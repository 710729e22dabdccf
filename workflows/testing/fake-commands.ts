import proto from '@temporalio/proto';
import { type Answer, type Chain, type Ending, type Execution, execution, type Server } from './fake-server.ts';
import { carriedBy, payloadOf } from './payload.ts';
import type { Job, WorkflowCommand } from './sandbox.ts';

/** Carries out a command of a workflow. Most commands become something that is on its way. */
export function carryOut(server: Server, chain: Chain, command: WorkflowCommand): void {
  const { current } = chain;
  const kind = Object.keys(command).find((key) => key in HANDLERS && command[key as never] != null);
  if (kind) HANDLERS[kind]!(server, chain, current, command[kind as never]);
  else if (!Object.keys(command).some((key) => IGNORED.has(key)))
    throw new Error(`This server does not know the command ${Object.keys(command)}`);
}

type Handler = (server: Server, chain: Chain, current: Execution, given: never) => void;
type Seq = { seq: number };
type Activity = Seq & { activityType: string; arguments: object[]; cancellationType: number };

const { WAIT_CANCELLATION_COMPLETED } = proto.coresdk.workflow_commands.ActivityCancellationType;

/** Commands whose effect only people see, or that come too late to have one. */
const IGNORED = new Set([
  ...['modifyWorkflowProperties', 'upsertWorkflowSearchAttributes', 'respondToQuery', 'updateResponse'],
  'cancelSignalWorkflow',
]);

const HANDLERS: Record<string, Handler> = {
  scheduleActivity: startActivity,
  scheduleLocalActivity: startActivity,
  requestCancelActivity: cancelActivity,
  requestCancelLocalActivity: cancelActivity,
  startTimer: (server, chain, current, { seq, startToFireTimeout: span }: Seq & { startToFireTimeout: Span }) => {
    const ms = Number(span.seconds ?? 0) * 1_000 + Number(span.nanos ?? 0) / 1_000_000;
    const at = server.now + ms;
    current.timers.add(seq);
    if (ms > server.longestTimerMs) return;
    server.moves.push(() => {
      if (!current.timers.delete(seq)) return;
      server.now = Math.max(server.now, at);
      arrive(chain, current, { fireTimer: { seq } });
    });
  },
  cancelTimer: (_server, _chain, current, { seq }: Seq) => void current.timers.delete(seq),
  startChildWorkflowExecution: startChild,
  cancelChildWorkflowExecution: () => undefined,
  requestCancelExternalWorkflowExecution: (server, chain, current, given: Seq & { workflowExecution: Target }) =>
    deliver(server, chain, current, () => {
      const failure = server.send(given.workflowExecution.workflowId, { cancelWorkflow: { reason: 'asked' } })
        ? undefined
        : { message: 'not found', applicationFailureInfo: {} };
      return { resolveRequestCancelExternalWorkflow: { seq: given.seq, ...(failure ? { failure } : {}) } };
    }),
  signalExternalWorkflowExecution: (server, chain, current, given: Seq & Signal) =>
    deliver(server, chain, current, () => {
      const { signalName, args: input, workflowExecution: target } = given;
      const sent = server.send(target.workflowId, { signalWorkflow: { signalName, input } });
      const failure = sent ? undefined : { message: 'not found', applicationFailureInfo: {} };
      return { resolveSignalExternalWorkflow: { seq: given.seq, ...(failure ? { failure } : {}) } };
    }),
  completeWorkflowExecution: (_server, chain, _current, { result }: { result?: object }) =>
    end(chain, 'completed', { completed: { result } }),
  failWorkflowExecution: (_server, chain, _current, { failure }: { failure: object }) =>
    end(chain, 'failed', { failed: { failure } }),
  cancelWorkflowExecution: (_server, chain) => end(chain, 'cancelled', { cancelled: { failure: CANCELED } }),
  continueAsNewWorkflowExecution: (_server, chain, _current, given: { arguments: object[] }) => {
    chain.current = execution(given.arguments, true);
  },
};

type Span = { seconds?: unknown; nanos?: unknown };
type Target = { workflowId: string };
type Signal = { signalName: string; args: object[]; workflowExecution: Target };

const CANCELED = { message: 'cancelled', canceledFailureInfo: {} };

function arrive(chain: Chain, to: Execution, job: Job): void {
  if (chain.status === 'open' && chain.current === to) to.jobs.push(job);
}

/** A message to another workflow: dropped if its sender has closed or continued as new in the meantime. */
function deliver(server: Server, chain: Chain, sender: Execution, message: () => Job): void {
  server.moves.push(() => {
    if (chain.status === 'open' && chain.current === sender) arrive(chain, sender, message());
  });
}

function end(chain: Chain, status: Chain['status'], ending: Ending): void {
  chain.status = status;
  chain.ended = ending;
  for (const tell of chain.onEnd.splice(0)) tell(ending);
}

function whenEnded(chain: Chain, tell: (ending: Ending) => void): void {
  if (chain.ended) tell(chain.ended);
  else chain.onEnd.push(tell);
}

function startActivity(server: Server, chain: Chain, current: Execution, given: Activity): void {
  const { seq, activityType, arguments: args, cancellationType } = given;
  const state = { awaited: cancellationType === WAIT_CANCELLATION_COMPLETED, cancelling: false };
  current.activities.set(seq, state);
  const come = (result: Ending): void => {
    if (!current.activities.delete(seq)) return;
    const cancelled = state.cancelling && server.draw(2) === 0;
    arrive(chain, current, {
      resolveActivity: { seq, result: (cancelled ? CANCELLED_ACTIVITY : result) as never },
    });
  };
  server.moves.push(() => {
    const answer: Answer = server.answer(activityType, carriedBy(args[0]) as never);
    if ('output' in answer) come({ completed: { result: payloadOf(answer.output ?? null) } });
    else if ('fails' in answer) come({ failed: { failure: failedActivity(answer.fails) } });
    else
      whenEnded(server.chains.get(answer.awaits)!, (ending) =>
        server.moves.push(() =>
          come('completed' in ending ? ending : { failed: { failure: failedActivity('ended') } }),
        ),
      );
  });
}

/**
 * `TRY_CANCEL` is answered at once, whatever the activity does then. Otherwise the workflow waits for the activity's
 * end.
 */
function cancelActivity(_server: Server, chain: Chain, current: Execution, { seq }: Seq): void {
  const state = current.activities.get(seq);
  if (!state) return;
  state.cancelling = true;
  if (state.awaited) return;
  current.activities.delete(seq);
  arrive(chain, current, { resolveActivity: { seq, result: CANCELLED_ACTIVITY as never } });
}

/** With `ABANDON`, a requested child starts even if its parent has closed. */
function startChild(
  server: Server,
  chain: Chain,
  current: Execution,
  { seq, workflowId, workflowType, input }: Seq & Target & { workflowType: string; input: object[] },
): void {
  server.moves.push(() => {
    const child = server.begin(workflowType, workflowId, input, chain.workflowId);
    if (!child) throw new Error(`${workflowId} was started twice`);
    arrive(chain, current, { resolveChildWorkflowExecutionStart: { seq, succeeded: { runId: workflowId } } });
    whenEnded(child, (ending) =>
      server.moves.push(() =>
        arrive(chain, current, { resolveChildWorkflowExecution: { seq, result: asChild(ending) as never } }),
      ),
    );
  });
}

/** What the SDK wants to know about an activity that failed. */
const activityFailureInfo = { activityType: { name: 'activity' } };

const CANCELLED_ACTIVITY: Ending = {
  cancelled: { failure: { message: 'cancelled', activityFailureInfo, cause: CANCELED } },
};

const failedActivity = (code: string): object => ({
  message: code,
  activityFailureInfo,
  cause: { message: code, applicationFailureInfo: { type: code, nonRetryable: true } },
});

const wrapped = (failure: object): object => ({
  message: 'The child ended',
  childWorkflowExecutionFailureInfo: { workflowExecution: { workflowId: 'child' }, workflowType: { name: 'child' } },
  cause: failure,
});

function asChild(ending: Ending): Ending {
  if ('completed' in ending) return ending;
  if ('failed' in ending) return { failed: { failure: wrapped(ending.failed.failure) } };
  return { cancelled: { failure: wrapped(ending.cancelled.failure) } };
}

/**
 * A workflow in the SDK's own sandbox, without a server: activities answer immediately, in the order in which they were
 * started. Uses internals of the SDK as the SDK's own tests do (sdk-typescript, packages/test/src/test-workflows.ts),
 * so it is tied to the SDK's version.
 */
import { promiseHooks } from 'node:v8';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto, { type coresdk } from '@temporalio/proto';
import type { WorkflowBundle } from '@temporalio/worker';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';

/** The cost of one run for the workflow's thread. */
export interface SandboxRun {
  readonly result: unknown;
  readonly activations: number;
  readonly commands: number;
  /** Most commands in one activation, and most activities that were unanswered at the same time. */
  readonly mostCommands: number;
  readonly mostPending: number;
  /** Promises made: how much there was to do between the calls. */
  readonly promises: number;
  readonly ms: number;
}

/** What to run. */
export interface SandboxWorkflow {
  readonly type: string;
  readonly input: unknown;
  /** When the workflow starts, in epoch milliseconds. Default: now. */
  readonly startedAt?: number;
  /** Answers an activity. */
  readonly activity: (type: string, input: unknown) => unknown;
}

type Command = coresdk.workflow_commands.IWorkflowCommand;
type Job = coresdk.workflow_activation.IWorkflowActivationJob;

/** Loads a bundle; the returned function runs one workflow to its end. */
export async function createSandbox(
  bundle: WorkflowBundle,
): Promise<(workflow: SandboxWorkflow) => Promise<SandboxRun>> {
  const code = parseWorkflowCode((bundle as { code: string }).code);
  const creator = await ReusableVMWorkflowCreator.create(code, 5_000, new Set(['default']));
  let runs = 0;
  return (workflow) => run(creator, workflow, `run-${runs++}`);
}

async function run(
  creator: ReusableVMWorkflowCreator,
  { type, input, activity, startedAt = Date.now() }: SandboxWorkflow,
  runId: string,
): Promise<SandboxRun> {
  const vm = await creator.createWorkflow({
    info: infoOf(type, runId, startedAt),
    randomnessSeed: [1],
    now: startedAt,
    showStackTraceSources: false,
  } as never);
  let activations = 0;
  let commands = 0;
  let mostCommands = 0;
  let mostPending = 0;
  let promises = 0;
  const stop = promiseHooks.onInit(() => {
    promises++;
  });
  const began = performance.now();
  try {
    let jobs: Job[] = [
      {
        initializeWorkflow: {
          workflowId: `w/${runId}`,
          workflowType: type,
          arguments: [payload(input)],
          startTime: msToTs(startedAt),
        },
      },
    ];
    for (;;) {
      const completion = await vm.activate(
        proto.coresdk.workflow_activation.WorkflowActivation.create({
          runId,
          timestamp: msToTs(startedAt + activations),
          historyLength: 3 + activations * 6,
          isReplaying: false,
          jobs,
          availableInternalFlags: [1, 2, 3],
        }),
      );
      activations++;
      if (completion.failed) throw new Error(completion.failed.failure?.message ?? 'the activation failed');
      const asked = completion.successful?.commands ?? [];
      commands += asked.length;
      mostCommands = Math.max(mostCommands, asked.length);
      const end = asked.find((command) => command.completeWorkflowExecution ?? command.failWorkflowExecution);
      if (end) {
        const result = end.completeWorkflowExecution?.result;
        if (!result) throw new Error(end.failWorkflowExecution?.failure?.message ?? 'the workflow failed');
        return {
          result: defaultPayloadConverter.fromPayload(result as never),
          activations,
          commands,
          mostCommands,
          mostPending,
          promises,
          ms: performance.now() - began,
        };
      }
      jobs = asked.flatMap((command) => answer(command, activity));
      mostPending = Math.max(mostPending, jobs.length);
      if (jobs.length === 0) throw new Error('the workflow waits for nothing that comes');
    }
  } finally {
    stop();
    await vm.dispose();
  }
}

function answer(command: Command, activity: SandboxWorkflow['activity']): Job[] {
  const { scheduleActivity, scheduleLocalActivity, startTimer } = command;
  if (startTimer) return [{ fireTimer: { seq: startTimer.seq } }];
  const asked = scheduleActivity ?? scheduleLocalActivity;
  if (!asked) return [];
  const given = asked.arguments?.[0] ? defaultPayloadConverter.fromPayload(asked.arguments[0] as never) : undefined;
  const result = payload(activity(asked.activityType!, given));
  return [
    { resolveActivity: { seq: asked.seq, result: { completed: { result } }, isLocal: Boolean(scheduleLocalActivity) } },
  ];
}

const payload = (value: unknown) => defaultPayloadConverter.toPayload(value ?? null) as never;

function infoOf(workflowType: string, runId: string, startedAt: number): object {
  return {
    workflowType,
    runId,
    workflowId: `w/${runId}`,
    firstExecutionRunId: runId,
    originalExecutionRunId: runId,
    namespace: 'default',
    taskQueue: 'bench',
    searchAttributes: {},
    typedSearchAttributes: { getAll: () => [] },
    historyLength: 3,
    historySize: 300,
    continueAsNewSuggested: false,
    targetWorkerDeploymentVersionChanged: false,
    startTime: new Date(startedAt),
    runStartTime: new Date(startedAt),
    attempt: 1,
    taskTimeoutMs: 10_000,
    unsafe: { now: Date.now, isReplaying: false, isReplayingHistoryEvents: false },
  };
}

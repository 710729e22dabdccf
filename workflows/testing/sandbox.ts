/** Workflow code in the SDK's own sandbox, without a server: a test plays the part of Temporal's core. */
import { TypedSearchAttributes } from '@temporalio/common';
import proto from '@temporalio/proto';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { workflowBundle } from '../../worker/bundle.ts';
import type { InternalActivities } from '../activities.ts';

export type Job = proto.coresdk.workflow_activation.IWorkflowActivationJob;
export type WorkflowCommand = proto.coresdk.workflow_commands.IWorkflowCommand;

/** One execution in the sandbox. */
export interface SandboxedWorkflow {
  /** Tells the execution what has happened, and returns its commands. @throws Error if the execution failed the task */
  activate(jobs: readonly Job[], now: number, continueAsNewSuggested: boolean): Promise<WorkflowCommand[]>;
  /** What the execution asked Blok to write outside of history since the last call. */
  sinkCalls(): Promise<{ readonly fnName: string; readonly args: readonly unknown[] }[]>;
  dispose(): Promise<void>;
}

/** Identity and input of an execution. */
export interface SandboxStart {
  readonly workflowId: string;
  readonly runId: string;
  readonly workflowType: string;
  readonly arguments: readonly object[];
  readonly now: number;
  /** Workflow id of the run that has started it, if one has. */
  readonly parent?: string;
  /** The execution continues an earlier one. */
  readonly continues?: boolean;
}

export type Sandbox = (start: SandboxStart) => Promise<SandboxedWorkflow>;

/**
 * The sandbox with the product's bundle. Making it takes seconds; making an execution takes a millisecond.
 *
 * @param local the activities that the worker has. Others fail as local activities, and are asked for as tasks
 */
export async function openSandbox(local: readonly (keyof InternalActivities)[] = []): Promise<Sandbox> {
  const bundle = parseWorkflowCode((await workflowBundle()).code);
  const creator = await ReusableVMWorkflowCreator.create(bundle, 10_000, new Set(local));
  return async (start) => sandboxed(start, await creator.createWorkflow(optionsOf(start)));
}

function sandboxed(
  { workflowId, runId, workflowType, arguments: args }: SandboxStart,
  vm: Workflow,
): SandboxedWorkflow {
  let historyLength = 0;
  return {
    activate: async (jobs, now, continueAsNewSuggested) => {
      const timestamp = timeOf(now);
      const initializeWorkflow = { workflowId, workflowType, arguments: [...args], startTime: timestamp };
      const first = historyLength === 0 ? [{ initializeWorkflow }] : [];
      historyLength += 3 + jobs.length;
      const activation = {
        runId,
        timestamp,
        historyLength,
        historySizeBytes: 1_000,
        continueAsNewSuggested,
        availableInternalFlags: INTERNAL_FLAGS,
        jobs: [...first, ...jobs],
      };
      const { successful, failed } = await vm.activate(
        proto.coresdk.workflow_activation.WorkflowActivation.fromObject(activation),
      );
      if (failed)
        throw new Error(`The workflow task failed: ${failed.failure?.message}\n${failed.failure?.stackTrace}`);
      return successful!.commands ?? [];
    },
    sinkCalls: async () => (await vm.getAndResetSinkCalls()).filter(({ ifaceName }) => ifaceName === 'blok'),
    dispose: () => vm.dispose(),
  };
}

/** Behaviour of the SDK that histories of older SDK versions do not have. */
const INTERNAL_FLAGS = [1, 2, 3, 4, 5, 6];

const timeOf = (now: number) => ({ seconds: Math.floor(now / 1_000), nanos: (now % 1_000) * 1_000_000 });

function optionsOf({ workflowId, runId, workflowType, now, parent, continues }: SandboxStart) {
  const info = {
    workflowId,
    runId,
    workflowType,
    searchAttributes: {},
    typedSearchAttributes: new TypedSearchAttributes(),
    taskQueue: 'fake',
    namespace: 'default',
    firstExecutionRunId: runId,
    originalExecutionRunId: runId,
    ...(parent ? { parent: { workflowId: parent, runId: parent, namespace: 'default' } } : {}),
    ...(continues ? { continuedFromExecutionRunId: `before-${runId}` } : {}),
    startTime: new Date(now),
    runStartTime: new Date(now),
    taskTimeoutMs: 10_000,
    attempt: 1,
    historyLength: 3,
    historySize: 1_000,
    continueAsNewSuggested: false,
    targetWorkerDeploymentVersionChanged: false,
    unsafe: { now: Date.now, isReplaying: false, isReplayingHistoryEvents: false, random: Math.random as never },
  };
  return { info, randomnessSeed: [1, 2, 3, 4], now, showStackTraceSources: false } as never;
}

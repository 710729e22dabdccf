/**
 * Which thread a run lives in. All runs share one thread. A run that was being worked on when a thread ended, or whose
 * task failed by a fault of ours, gets a thread of its own: there it harms nobody, and there is no doubt who is to blame.
 */
import type { Workflow, WorkflowCreateOptions, WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import type { ActivityLog } from '../../activities/base/deps.ts';
import { type Deaths, isPoison } from './deaths.ts';
import { faultOf } from './fault.ts';
import { withoutStrayCancels } from './stray-cancels.ts';
import type { ThreadEnd, WorkflowThread } from './thread.ts';

/** What the creator works with. */
export interface CreatorContext {
  readonly startThread: (alone: boolean, onEnd: (end: ThreadEnd) => void) => Promise<WorkflowThread>;
  readonly deaths: Deaths;
  /** Ends a run that is to blame. */
  readonly endRun: (workflowId: string, why: string) => Promise<void>;
  readonly log: ActivityLog;
}

/** Threads for one run each. More suspects than these take turns. */
const MOST_ALONE = 4;

/** @param left runs that were being worked on when an earlier process ended */
export async function createCreator(
  ctx: CreatorContext,
  left: readonly { workflowId: string; alone: boolean }[],
): Promise<WorkflowCreator> {
  const { deaths, log } = ctx;
  const alone = new Map<string, WorkflowThread>();
  let shared: Promise<WorkflowThread> | undefined;
  const ending = new Map<string, Promise<void>>();

  const end = (workflowId: string, why: string): Promise<void> => {
    const begun = ending.get(workflowId);
    if (begun) return begun;
    const ended = ctx
      .endRun(workflowId, why)
      .catch((error: Error) =>
        log.warn({ run: workflowId, reason: error.message }, 'a run that crashes workers could not be ended yet'),
      )
      .finally(() => ending.delete(workflowId));
    ending.set(workflowId, ended);
    return ended;
  };
  const blame = async (workflowId: string, wasAlone: boolean, why: string): Promise<void> => {
    const crashes = await deaths.add(workflowId, wasAlone);
    log.warn({ run: workflowId, reason: why, ...crashes }, 'a workflow task crashed');
    if (isPoison(crashes)) await end(workflowId, why);
  };
  const onEnd = ({ thread, workflowId, reason }: ThreadEnd): void => {
    if (!thread.alone) shared = undefined;
    else for (const [id, of] of alone) if (of === thread) alone.delete(id);
    log.warn({ run: workflowId, reason }, 'a workflow thread ended; its runs go on in another one');
    if (workflowId !== undefined) void blame(workflowId, thread.alone, reason);
  };
  const sharedThread = (): Promise<WorkflowThread> => {
    shared ??= ctx.startThread(false, onEnd);
    shared.catch(() => {
      shared = undefined;
    });
    return shared;
  };
  const ownThread = async (workflowId: string): Promise<WorkflowThread> => {
    if (alone.size >= MOST_ALONE) await makeRoom(alone);
    const thread = await ctx.startThread(true, onEnd);
    alone.set(workflowId, thread);
    return thread;
  };
  const watched = (workflow: Workflow, workflowId: string, thread: WorkflowThread): Workflow => ({
    ...workflow,
    activate: async (activation) => {
      const completion = await workflow.activate(activation);
      const fault = faultOf(completion);
      if (fault !== undefined) await blame(workflowId, thread.alone, fault);
      return completion;
    },
    dispose: async () => {
      await workflow.dispose();
      if (!thread.alone || alone.get(workflowId) !== thread) return;
      alone.delete(workflowId);
      await thread.destroy();
    },
  });

  // The first run does not wait for it.
  await sharedThread();
  for (const mark of left) void blame(mark.workflowId, mark.alone, 'the process of the worker ended');
  return {
    createWorkflow: async (options: WorkflowCreateOptions) => {
      const { workflowId } = options.info;
      const crashes = await deaths.of(options.info);
      if (isPoison(crashes)) {
        void end(workflowId, 'it crashed workers');
        throw new Error('The run crashed workers again and again; it is being ended.');
      }
      const thread = crashes.total > 0 ? await ownThread(workflowId) : await sharedThread();
      return withoutStrayCancels(watched(await thread.create(options), workflowId, thread));
    },
    destroy: async () => {
      const threads = [...alone.values(), ...(shared ? [await shared] : [])];
      await Promise.all(threads.map((thread) => thread.destroy()));
    },
  };
}

/** Ends the thread of a suspect that has nothing to do at the moment. Temporal hands the run out again when it has. */
async function makeRoom(alone: Map<string, WorkflowThread>): Promise<void> {
  const idle = [...alone].find(([, thread]) => !thread.busy());
  if (!idle) throw new Error('The run waits for a thread of its own.');
  alone.delete(idle[0]);
  await idle[1].destroy();
}

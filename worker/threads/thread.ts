/** A thread that runs workflow code, as Temporal's SDK starts it, but which may end without ending the worker. */
import { Worker as NodeThread } from 'node:worker_threads';
import { UnexpectedError } from '@temporalio/worker';
import type { Workflow, WorkflowCreateOptions } from '@temporalio/worker/lib/workflow/interface.js';
import { VMWorkflowThreadProxy, WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type { Init } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';
import type { Worked } from './entry.ts';
import { newMarkFile, readMark, removeMark } from './mark.ts';
import { createShares, familyOf } from './shares.ts';
import { LONGEST_PIECE_S, newPiece, watchPieces } from './watchdog.ts';

/** What all threads of a worker have in common. */
export interface ThreadSettings {
  readonly init: Omit<Init, 'type' | 'isolateExecutionTimeoutMs'>;
  readonly logger: ConstructorParameters<typeof WorkerThreadClient>[1];
  /** Limit of a thread's heap. */
  readonly heapMb: number;
  /** Where threads note the run that they work on. */
  readonly marks: string;
  /** By how many milliseconds Temporal's server is late. */
  readonly lateMs: () => number;
}

/** A thread and the runs that it holds. */
export interface WorkflowThread {
  /** It holds one run only. */
  readonly alone: boolean;
  readonly ended: boolean;
  /** Requests that have not been answered. */
  readonly busy: () => boolean;
  /** Creates a run in this thread. @throws ThreadEnded */
  readonly create: (options: WorkflowCreateOptions) => Promise<Workflow>;
  readonly destroy: () => Promise<void>;
}

/** How a thread ended that nobody had told to. */
export interface ThreadEnd {
  readonly thread: WorkflowThread;
  /** Workflow id of the run that it was working on. */
  readonly workflowId: string | undefined;
  readonly reason: string;
}

/** What the SDK is told of each run that was in a thread that has ended. */
export class ThreadEnded extends Error {
  constructor(options: ErrorOptions) {
    super('The thread with this run has ended; the run goes on in another one.', options);
  }
}

/**
 * The young generation of a thread's heap. At its limit, a thread has 16 MB more until it has ended: if one collection moves more
 * than that into the old generation, the whole process ends instead. With Node's default it did once in eight times.
 */
const YOUNG_MB = 24;

const ENTRY = new URL('./entry.ts', import.meta.url);

/** Starts a thread. @param onEnd called if the thread ends by itself, before anybody who waits for it is told */
export async function startThread(
  settings: ThreadSettings,
  alone: boolean,
  onEnd: (end: ThreadEnd) => void,
): Promise<WorkflowThread> {
  const markFile = newMarkFile(settings.marks, alone ? 'alone' : 'shared');
  const piece = newPiece();
  const node = new NodeThread(ENTRY, {
    workerData: { markFile, piece },
    resourceLimits: { maxOldGenerationSizeMb: settings.heapMb, maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const client = new WorkerThreadClient(node, settings.logger);
  const shares = createShares(settings.lateMs);
  const state = { ended: false, told: false, open: 0, reason: 'it ended by itself' };
  const thread: WorkflowThread = {
    alone,
    get ended() {
      return state.ended;
    },
    busy: () => state.open > 0,
    create: async (options) => {
      const workflow = surviving(await survive(state, () => VMWorkflowThreadProxy.create(client, options)), state);
      const family = familyOf(options.info);
      return {
        ...workflow,
        // A task replays all earlier ones before its own. All of that has to be done within its time.
        activate: (work) =>
          work.isReplaying ? workflow.activate(work) : shares.inTurn(family, () => workflow.activate(work)),
      };
    },
    destroy: async () => {
      state.told = true;
      await client.destroy();
    },
  };
  node.on('message', ({ worked }: { readonly worked?: Worked }) => {
    if (worked) shares.note(worked.family, worked.ms);
  });
  node.on('error', (error: Error) => {
    state.reason = error.message;
  });
  const unwatch = watchPieces(piece, () => {
    state.reason = `a task took more than ${LONGEST_PIECE_S} seconds`;
    void node.terminate();
  });
  node.on('exit', () => {
    state.ended = true;
    unwatch();
    const [workflowId] = readMark(markFile);
    removeMark(markFile);
    if (!state.told) onEnd({ thread, workflowId, reason: state.reason });
  });
  // No limit of time for each call into the sandbox: Node would start a thread for each, which costs more than the call.
  await client.send({ type: 'init', ...settings.init } as Init);
  return thread;
}

interface ThreadState {
  readonly ended: boolean;
  open: number;
}

/** A run whose calls fail when its thread has ended. Temporal then hands the run out again. */
function surviving(workflow: Workflow, state: ThreadState): Workflow {
  return {
    activate: (activation) => survive(state, () => workflow.activate(activation)),
    // Of a run whose task has failed, nobody needs them.
    getAndResetSinkCalls: async () => (state.ended ? [] : survive(state, () => workflow.getAndResetSinkCalls())),
    dispose: () => workflow.dispose(),
  };
}

/** An `UnexpectedError` would end the worker. A task that has failed is done again in another thread. */
async function survive<T>(state: ThreadState, call: () => Promise<T>): Promise<T> {
  state.open++;
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof UnexpectedError)) throw error;
    throw new ThreadEnded({ cause: error });
  } finally {
    state.open--;
  }
}

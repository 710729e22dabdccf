/** The program of a workflow thread: Temporal's own, which also notes the run that it works on (`mark.ts`), and for how long. */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { openMark } from './mark.ts';
import { familyOf, type Origin } from './shares.ts';
import { notePieces, type Piece } from './watchdog.ts';

/** What a task took of the thread. Goes with its answer. */
export interface Worked {
  readonly family: string;
  readonly ms: number;
}

interface Request {
  readonly input: {
    readonly type: string;
    readonly runId?: string;
    readonly options?: { readonly info: Origin & { readonly runId: string } };
  };
}

interface Known {
  readonly workflowId: string;
  readonly family: string;
}

const port = parentPort!;
const { markFile, piece } = workerData as { readonly markFile: string; readonly piece: Piece };
const mark = openMark(markFile);
const pieces = notePieces(piece);
const runs = new Map<string, Known>();
let current: { readonly family: string; readonly since: number } | undefined;

// Registered first, so it hears of a request before Temporal's code begins the work.
port.on('message', ({ input }: Request) => {
  const { info } = input.options ?? {};
  if (info) runs.set(info.runId, { workflowId: info.workflowId, family: familyOf(info) });
  const runId = info?.runId ?? input.runId;
  if (runId === undefined) return;
  const { workflowId, family } = runs.get(runId) ?? { workflowId: '', family: '' };
  mark.set([workflowId]);
  pieces.begin();
  current = input.type === 'activate-workflow' ? { family, since: performance.now() } : undefined;
  if (input.type === 'dispose-workflow') runs.delete(runId);
});

const post = port.postMessage.bind(port);
// By the time of any answer, the synchronous part of all requests heard so far is over.
port.postMessage = (message) => {
  const worked: Worked | undefined = current && {
    family: current.family,
    ms: performance.now() - current.since,
  };
  current = undefined;
  pieces.end();
  post({ ...message, worked });
  mark.set([]);
};

const require = createRequire(import.meta.url);
// It would note a stack for each promise: a fifth of what a short run costs, and a query for it shows lines of the interpreter only.
require('@temporalio/worker/lib/workflow/vm-shared').globalHandlers.setPromiseHook = () => undefined;
require('@temporalio/worker/lib/workflow/workflow-worker-thread');

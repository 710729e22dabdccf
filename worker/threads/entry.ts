/** The program of a workflow thread: Temporal's own, which also notes the run that it works on (`mark.ts`). */
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { openMark } from './mark.ts';

interface Request {
  readonly input: {
    readonly type: string;
    readonly runId?: string;
    readonly options?: { readonly info: { readonly runId: string; readonly workflowId: string } };
  };
}

const port = parentPort!;
const mark = openMark((workerData as { markFile: string }).markFile);
const workflowIds = new Map<string, string>();

// Registered first, so it hears of a request before Temporal's code begins the work.
port.on('message', ({ input }: Request) => {
  const { info } = input.options ?? {};
  if (info) workflowIds.set(info.runId, info.workflowId);
  const runId = info?.runId ?? input.runId;
  if (runId === undefined) return;
  mark.set([workflowIds.get(runId) ?? '']);
  if (input.type === 'dispose-workflow') workflowIds.delete(runId);
});

const post = port.postMessage.bind(port);
// By the time of any answer, the synchronous part of all requests heard so far is over.
port.postMessage = (message) => {
  post(message);
  mark.set([]);
};

createRequire(import.meta.url)('@temporalio/worker/lib/workflow/workflow-worker-thread');

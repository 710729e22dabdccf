import { type InjectedSinks, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { InterpreterSinks } from '../../workflows/activities.ts';

/** A history to replay, and whose it is. */
export interface NamedHistory {
  /** What people call it: a run's workflow id, or a file. */
  readonly name: string;
  readonly workflowId: string;
  readonly history: unknown;
}

/** What came of a replay. */
export interface Replayed {
  readonly name: string;
  /** Why the run would break; null if it goes on as before. */
  readonly problem: string | null;
}

/** What runs write of themselves goes nowhere: nothing is written twice. */
const nowhere = { fn: () => undefined, callDuringReplay: false };
const SINKS: InjectedSinks<InterpreterSinks> = { blok: { close: nowhere, respond: nowhere, open: nowhere } };

/**
 * Replays histories against workflow code: whether a run in flight would go on with it as it began. One worker for all,
 * because each takes a third of a second to start; the histories are read one by one.
 */
export async function* replayAll(
  workflowBundle: WorkflowBundle,
  histories: AsyncIterable<NamedHistory> | Iterable<NamedHistory>,
): AsyncGenerator<Replayed> {
  const names = new Map<string, string>();
  async function* feed() {
    for await (const { name, workflowId, history } of histories) {
      names.set(runIdOf(history), name);
      yield { workflowId, history: history as never };
    }
  }
  for await (const { runId, workflowId, error } of Worker.runReplayHistories(
    { workflowBundle, sinks: SINKS },
    feed(),
  )) {
    yield { name: names.get(runId) ?? workflowId, problem: error === undefined ? null : firstLine(error.message) };
    names.delete(runId);
  }
}

/** The id of an execution, as its own history says. */
function runIdOf(history: unknown): string {
  const { events } = history as {
    events: { workflowExecutionStartedEventAttributes?: { originalExecutionRunId?: string } }[];
  };
  return events[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ?? '';
}

const firstLine = (text: string): string => text.split('\n', 1)[0]!;

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { NamedHistory } from './replay.ts';

/** The histories in a folder of recorded ones: a file each, as `npm run histories` writes them. */
export function* recordedHistories(folder: string): Generator<NamedHistory> {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
    const history = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    yield { name, workflowId: history.events[0].workflowExecutionStartedEventAttributes.workflowId, history };
  }
}

/**
 * The histories of all open runs, and of those that ended within a time, the newest first.
 *
 * @param most how many of the ended ones at most: a busy installation has many, and they are alike
 */
export async function* runHistories(
  client: Client,
  { since, most }: { readonly since: Date; readonly most: number },
): AsyncGenerator<NamedHistory> {
  yield* listed(client, "ExecutionStatus = 'Running'", Number.POSITIVE_INFINITY);
  yield* listed(client, `CloseTime > '${since.toISOString()}'`, most);
}

async function* listed(client: Client, query: string, most: number): AsyncGenerator<NamedHistory> {
  let count = 0;
  for await (const { workflowId, runId, type } of client.workflow.list({ query })) {
    if (count >= most) return;
    count += 1;
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory().catch(gone);
    if (history !== null) yield { name: `${workflowId} (${type})`, workflowId, history };
  }
}

/** A run that is deleted while the list is read is no problem of the release. */
function gone(error: unknown): null {
  if (error instanceof Error && error.name === 'WorkflowNotFoundError') return null;
  throw error;
}

import { upsertRun, withWorkspace } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { TriggerInfo } from '../../graph/start/trigger-info.ts';
import type { OpenedRun } from '../../workflows/activities.ts';
import type { BlobRef, StartInput } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { loadJson } from '../store/stored.ts';

/**
 * Writes the opening row of a run that another run has begun. It is written only after the start, because nothing could
 * tell how a row without a run has ended. Data that the start holds by reference is loaded into the row.
 */
export async function openRun(
  deps: Pick<ActivityDeps, 'database'>,
  { workflowId, temporalRunId, start }: OpenedRun,
): Promise<void> {
  const { workspace, runId, workflow, version } = start;
  const [input, trigger] = await Promise.all([inputOf(deps, start), triggerOf(deps, start)]);
  await withWorkspace(deps.database, workspace, (tx) =>
    upsertRun(tx, {
      workspace,
      runId,
      workflowId,
      temporalRunId,
      historyLength: 0,
      segment: 0,
      workflow,
      version,
      trigger,
      status: 'running',
      input,
      output: null,
      error: null,
      startedAt: start.startedAt!,
      endedAt: null,
      steps: [],
      waits: [],
      ...(start.depth ? { depth: start.depth } : {}),
    }),
  );
}

type Started = OpenedRun['start'];

async function inputOf(deps: Pick<ActivityDeps, 'database'>, start: Started): Promise<Json> {
  if (!start.inputByReference) return start.input as Json;
  return (await load(deps, start, (start.input as { blob: BlobRef }).blob)) as Json;
}

async function triggerOf(deps: Pick<ActivityDeps, 'database'>, start: Started): Promise<TriggerInfo> {
  const fields = await Promise.all(
    Object.entries(start.triggerByReference ?? {}).map(async ([field, ref]) => [field, await load(deps, start, ref)]),
  );
  return { ...start.trigger, ...Object.fromEntries(fields) };
}

const load = (
  deps: Pick<ActivityDeps, 'database'>,
  { workspace }: Pick<StartInput, 'workspace'>,
  { sha256 }: BlobRef,
): Promise<unknown> => loadJson(deps, workspace, sha256);

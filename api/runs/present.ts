import { getBlob, type RunSummary, type StoredRun } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import type { BlobRef, RunView } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import type { RunOutcome } from '../runs-port.ts';
import type { WireRun, WireRunSummary } from './schema.ts';

/** A run as lists show it on the wire. */
export function presentSummary(ctx: Context, run: RunSummary): WireRunSummary {
  return {
    id: run.id,
    workflow: run.workflow,
    version: run.version,
    status: run.status,
    trigger: run.trigger,
    error: run.error as WireRunSummary['error'],
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    replayedFrom: run.replayedFrom,
    url: `${ctx.publicUrl}/api/runs/${run.id}`,
    temporalUrl: run.temporalRunId === '' ? null : ctx.temporalRunUrl(run.workflowId, run.temporalRunId),
  };
}

/**
 * A run on the wire. `live` is what the run itself says while it is open; `outcome` is how it ended, if Temporal knows
 * before Postgres does.
 */
export async function presentRun(
  ctx: Context,
  stored: StoredRun,
  live?: RunView | null,
  outcome?: RunOutcome | null,
): Promise<WireRun> {
  const ended = stored.endedAt !== null;
  const late = ended ? null : (outcome ?? null);
  const output = late?.output ?? stored.output;
  const ref = late?.outputRef ?? stored.outputRef;
  const steps = live && !ended ? mergeSteps(stored.steps, live.steps) : stored.steps;
  return {
    ...presentSummary(ctx, stored),
    ...(live && !ended ? { status: live.status } : {}),
    ...(late
      ? { status: late.status, error: (late.error ?? null) as WireRun['error'], endedAt: new Date().toISOString() }
      : {}),
    input: stored.input,
    output: ref ? await readOutput(ctx, ref) : output,
    steps: steps as unknown as WireRun['steps'],
    ...(stored.moreSteps ? { moreSteps: true } : {}),
    waits: (late ? [] : live && !ended ? live.waits : stored.waits) as unknown as WireRun['waits'],
  };
}

/** Steps of earlier segments come from Postgres, current steps from the run; what the run says wins. */
function mergeSteps(stored: readonly StepRecord[], live: readonly StepRecord[]): StepRecord[] {
  const now = new Set(live.map((step) => step.path));
  return [...stored.filter((step) => !now.has(step.path)), ...live];
}

/** An output stored as a blob, as if it had been in the row. */
export async function readOutput(ctx: Context, ref: BlobRef): Promise<Json> {
  const bytes = await ctx.tenant((tx) => getBlob(tx, { sha256: ref.sha256 }));
  return bytes ? (JSON.parse(new TextDecoder().decode(bytes)) as Json) : null;
}

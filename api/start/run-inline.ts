import type { Graph } from '../../graph/document/types.ts';
import { inlineRun, needsWorker } from '../../graph/inline-run/index.ts';
import type { Json } from '../../graph/json.ts';
import { textExceeds } from '../../graph/json-size.ts';
import { INPUT_IN_START } from '../../graph/limits.ts';
import type { Plan } from '../../graph/plan/types.ts';
import type { RunRecord, StartInput } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';

/** A run that was executed here: its record, and what a `respond` node answered. */
export interface RanInline {
  readonly record: RunRecord;
  readonly response: Json;
}

/** What a run is made of. */
export type InlineStart = Pick<
  StartInput,
  'workspace' | 'workflow' | 'version' | 'runId' | 'trigger' | 'vars' | 'url'
> & {
  readonly workflowId: string;
  readonly input: Json;
  readonly startedAt: string;
};

/** Executes a run that needs no Temporal, and writes nothing. Null: Temporal has to execute the run. */
export function runInline(plan: Plan, start: InlineStart): RanInline | null {
  if (needsWorker(plan)) return null;
  const text = JSON.stringify(start);
  if (textExceeds(text, INPUT_IN_START)) return null;
  const { workspace, workflow, version, runId, workflowId, url, startedAt } = start;
  // Whatever travels to Temporal is JSON, and the run must not see a difference.
  const { trigger, input, vars } = JSON.parse(text) as InlineStart;
  const facts = { trigger, input, vars, run: { id: runId, startedAt, workflow, version, url } };
  const ran = inlineRun({ plan, facts, clock: Date.now });
  if (!ran) return null;
  const { output, steps, response, endedAt } = ran;
  const place = { workspace, runId, workflowId, temporalRunId: '', historyLength: 0, segment: 0, workflow, version };
  const end = { status: 'succeeded', output, error: null, startedAt, endedAt, steps, waits: [] } as const;
  return { record: { ...place, trigger, input, ...end }, response };
}

/** Writes a run that was executed here, and the graph that it was given. @returns false if a run of this id was there before */
export const writeInline = (
  ctx: Context,
  ran: RanInline,
  { bodyHash, graph }: { bodyHash: string | undefined; graph: Graph | null },
): Promise<boolean> => ctx.inlineRuns.write({ ...ran, graph, bodyHash: bodyHash ?? null });

import { keepGraph, putBlob } from '../../db/index.ts';
import type { Graph } from '../../graph/document/types.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { startParts } from '../../graph/start/index.ts';
import {
  type BlobRef,
  INTERPRETER_VERSION,
  type RunRecord,
  type StartInput,
  type TriggerInfo,
} from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { writeOpening } from './opening-row.ts';
import type { Started } from './request.ts';
import { requireSameBody } from './same-body.ts';

/** What a durable start is made of. */
export interface DurableStart {
  readonly facts: Pick<
    StartInput,
    'workspace' | 'workflow' | 'version' | 'runId' | 'url' | 'depth' | 'priority' | 'replayedFrom'
  > & {
    readonly startedAt: string;
  };
  readonly workflowId: string;
  readonly label: string;
  readonly bodyHash: string | undefined;
  readonly waits: boolean;
  readonly plan: Plan;
  /** The graph, if the run was given one. */
  readonly givenGraph: Graph | null;
  readonly trigger: TriggerInfo;
  readonly input: Json;
  readonly vars: JsonObject;
  readonly taken?: StartInput['taken'];
}

/**
 * Starts a run in Temporal, or finds the one that was started under this id before.
 *
 * @throws ApiProblem `idempotency.mismatch`, `run.tooMany`; RunsError
 */
export async function startDurably(ctx: Context, start: DurableStart): Promise<Started> {
  const { facts, workflowId, label, bodyHash, plan, trigger, input, vars, taken } = start;
  const { runId, startedAt } = facts;
  if (!(await ctx.openRuns.hasRoom())) throw tooMany(ctx);
  const parts = await startParts({ plan, trigger, input, vars }, (value) => store(ctx, runId, value));
  const startInput: StartInput = {
    interpreterVersion: INTERPRETER_VERSION,
    ...facts,
    ...parts,
    ...(taken ? { taken } : {}),
  };
  const watch = start.waits && !isInPart(parts) ? ctx.endings?.watch(runId) : undefined;
  const answer = await ctx.runs
    .start({ workflowId, input: ctx.signer.sign(startInput, workflowId), label, bodyHash: bodyHash ?? '' })
    .catch((error) => {
      watch?.stop();
      throw error;
    });
  if (answer.duplicate) watch?.stop();
  const before = answer.duplicate ? await requireSameBody(ctx, workflowId, bodyHash) : null;
  const record: RunRecord = {
    workspace: facts.workspace,
    runId,
    workflowId,
    temporalRunId: answer.duplicate ? (before?.temporalRunId ?? '') : answer.temporalRunId,
    historyLength: 0,
    segment: 0,
    workflow: facts.workflow,
    version: facts.version,
    trigger,
    status: 'running',
    input,
    output: null,
    outputRef: null,
    error: null,
    startedAt: before?.startedAt ?? startedAt,
    endedAt: null,
    steps: [],
    waits: [],
    ...(facts.depth ? { depth: facts.depth } : {}),
    ...(facts.replayedFrom === undefined ? {} : { replayedFrom: facts.replayedFrom }),
  };
  const graph = answer.duplicate ? null : start.givenGraph;
  const open = () => writeOpening(ctx, record, graph);
  const keep = async () => void (graph && (await ctx.tenant((tx) => keepGraph(tx, { runId, graph }))));
  return { runId, workflowId, isNew: !answer.duplicate, record, ...(watch && { watch }), open, keep };
}

/** The worker that records the end of such a run does not have all of its input: the opening row must hold it. */
const isInPart = ({ inputByReference, triggerByReference }: Partial<StartInput>): boolean =>
  inputByReference === true || triggerByReference !== undefined;

const tooMany = ({ maxOpenRuns }: Context): ApiProblem =>
  new ApiProblem(
    'run.tooMany',
    `${maxOpenRuns} runs of this workspace are open. Start again when some have ended. Does a workflow wait for something ` +
      'that never comes? The operator sets the limit with BLOK_MAX_OPEN_RUNS.',
  );

async function store(ctx: Context, runId: string, value: unknown): Promise<BlobRef> {
  const text = JSON.stringify(value);
  const bytes = new TextEncoder().encode(text);
  const ref = await ctx.tenant((tx) => putBlob(tx, { bytes, runId }));
  return { ...ref, preview: text.slice(0, 200).toWellFormed() };
}

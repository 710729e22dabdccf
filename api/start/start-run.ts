import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  getRunSummary,
  isDatabaseAway,
  putBlob,
  runIdOf,
  upsertRun,
  withWorkspace,
  workflowIdOf,
} from '../../db/index.ts';
import type { Graph } from '../../graph/document/types.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import { chooseTrigger, runInput, startParts, triggerInfo } from '../../graph/start/index.ts';
import { type BlobRef, INTERPRETER_VERSION, type RunRecord, type StartInput } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { hashOf } from '../hash.ts';
import { ApiProblem } from '../http/problem.ts';

/** What a caller asks for. */
export interface StartRequest {
  readonly workflow: string;
  readonly trigger?: string;
  readonly input?: Json;
  readonly idempotencyKey?: string;
  /** What makes two requests the same, besides the workflow and the key. */
  readonly body: JsonObject;
  /** Loads what to run; called only if the key is new. */
  readonly load: () => Promise<{ graph: Graph; plan: Plan; version: number | null; vars: JsonObject }>;
}

/** A run that was started now or before; `record` is what was written about the run if it is new. */
export interface Started {
  readonly runId: string;
  readonly workflowId: string;
  readonly record?: RunRecord;
  /** Resolves when the run's row is written, or when writing it was given up; never rejects. */
  readonly written: Promise<void>;
}

/**
 * Starts a run, or finds the one that this idempotency key started. Temporal's start is the commit point: the row in
 * Postgres is written after it, and its loss does not undo the start.
 *
 * @throws ApiProblem `idempotency.mismatch`, `run.tooMany`, and the problems of `load`, of the trigger and of the input
 */
export async function startRun(ctx: Context, request: StartRequest): Promise<Started> {
  const at = new Date().toISOString();
  const key = request.idempotencyKey ?? randomUUID();
  const workflowId = workflowIdOf({
    workspace: ctx.workspace,
    workflow: request.workflow,
    trigger: request.trigger ?? null,
    key,
  });
  const runId = runIdOf(workflowId);
  const bodyHash = hashOf(request.body);
  if (request.idempotencyKey !== undefined && (await ctx.tenant((tx) => getRunSummary(tx, { runId })))) {
    await requireSameBody(ctx, workflowId, bodyHash);
    return { runId, workflowId, written: Promise.resolve() };
  }

  if (!(await ctx.openRuns.hasRoom())) throw tooMany(ctx);
  const { graph, plan, version, vars } = await request.load();
  const given = request.input === undefined ? {} : request.input;
  const triggerId = chooseTrigger(graph, request.trigger);
  const trigger = triggerInfo(graph, triggerId, { at, key: request.idempotencyKey ?? null, input: given });
  const input = runInput(graph, trigger, { input: given, vars });
  const parts = await startParts({ plan, trigger, input, vars }, (value) => store(ctx, runId, value));
  const url = `${ctx.publicUrl}/api/runs/${runId}`;
  const start: StartInput = {
    interpreterVersion: INTERPRETER_VERSION,
    workspace: ctx.workspace,
    workflow: request.workflow,
    version,
    runId,
    url,
    startedAt: at,
    ...parts,
  };
  const answer = await ctx.runs.start({ workflowId, input: start, label: graph.label ?? graph.name, bodyHash });
  const before = answer.duplicate ? await requireSameBody(ctx, workflowId, bodyHash) : null;
  const record: RunRecord = {
    workspace: ctx.workspace,
    runId,
    workflowId,
    temporalRunId: answer.duplicate ? (before?.temporalRunId ?? '') : answer.temporalRunId,
    historyLength: 0,
    segment: 0,
    workflow: request.workflow,
    version,
    trigger,
    status: 'running',
    input,
    output: null,
    outputRef: null,
    error: null,
    startedAt: before?.startedAt ?? at,
    endedAt: null,
    steps: [],
    waits: [],
  };
  return { runId, workflowId, record, written: writeOpening(ctx, record) };
}

/** A database that restarts is back within seconds. A start waits this long, so that its answer can be relied on. */
const PATIENCE_MS = 5_000;
const SOON_MS = 250;
/** After that, the answer is given, and writing the row is tried again in the background, for an hour. */
const LATER_MS = 1_000;
const LATER_TIMES = 3_600;

/**
 * Writes the opening row, and waits for the disk: whoever was told about a run finds it, whatever crashes next. A row
 * that cannot be written in time is written later; the run's next record creates it, too.
 */
async function writeOpening(ctx: Context, record: RunRecord): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await writeRow(ctx, record);
    } catch (error) {
      if (isDatabaseAway(error) && Date.now() < until) {
        await setTimeout(SOON_MS);
        continue;
      }
      ctx.log.warn({ runId: record.runId, err: error }, 'the opening row of a run is not written yet; the run goes on');
      void writeLater(ctx, record);
      return;
    }
  }
}

async function writeLater(ctx: Context, record: RunRecord): Promise<void> {
  for (let times = 0; times < LATER_TIMES; times++) {
    await setTimeout(LATER_MS, undefined, { ref: false });
    try {
      return await writeRow(ctx, record);
    } catch (error) {
      ctx.log.debug({ runId: record.runId, err: error }, 'the opening row of a run is still not written');
    }
  }
}

async function writeRow(ctx: Context, record: RunRecord): Promise<void> {
  await withWorkspace(ctx.database, ctx.workspace, (tx) => upsertRun(tx, record));
}

const tooMany = ({ maxOpenRuns }: Context): ApiProblem =>
  new ApiProblem(
    'run.tooMany',
    `${maxOpenRuns} runs of this workspace are open. Start again when some have ended. Does a workflow wait for something ` +
      'that never comes? The operator sets the limit with BLOK_MAX_OPEN_RUNS.',
  );

async function requireSameBody(ctx: Context, workflowId: string, bodyHash: string) {
  const known = await ctx.runs.describe(workflowId);
  // Temporal has forgotten a run that Postgres still knows: nothing is left to compare with.
  if (known?.bodyHash && known.bodyHash !== bodyHash) {
    throw new ApiProblem(
      'idempotency.mismatch',
      'This Idempotency-Key has started a run with another body. Use a new key for a new request.',
    );
  }
  return known;
}

async function store(ctx: Context, runId: string, value: unknown): Promise<BlobRef> {
  const text = JSON.stringify(value);
  const bytes = new TextEncoder().encode(text);
  const ref = await ctx.tenant((tx) => putBlob(tx, { bytes, runId }));
  return { ...ref, preview: text.slice(0, 200).toWellFormed() };
}

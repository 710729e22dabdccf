import { randomUUID } from 'node:crypto';
import { bodyHashOf, putBlob, runIdOf, workflowIdOf } from '../../db/index.ts';
import type { Graph } from '../../graph/document/types.ts';
import type { Json, JsonObject } from '../../graph/json.ts';
import type { Plan } from '../../graph/plan/types.ts';
import {
  chooseTrigger,
  requireSomethingToDo,
  runInput,
  runPriority,
  startParts,
  triggerInfo,
} from '../../graph/start/index.ts';
import {
  type BlobRef,
  INTERPRETER_VERSION,
  type RunRecord,
  type StartInput,
  type TriggerInfo,
} from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import type { Watch } from '../endings.ts';
import { hashOf } from '../hash.ts';
import { ApiProblem } from '../http/problem.ts';
import { hasBegunBefore } from './begun-before.ts';
import { writeOpening } from './opening-row.ts';
import { type RanInline, runInline, writeInline } from './run-inline.ts';

/** What to run. */
export interface Loaded {
  readonly graph: Graph;
  readonly plan: Plan;
  readonly version: number | null;
  /** When the version was published, if it was. */
  readonly publishedAt?: string;
  readonly vars: JsonObject;
}

/** What a caller asks for. `H`: what comes of a start that is held. */
export interface StartRequest<H = never> {
  readonly workflow: string;
  readonly trigger?: string;
  readonly input?: Json;
  /** What a trigger that has fired brings. Absent: a call counts as the trigger. */
  readonly fields?: JsonObject;
  readonly idempotencyKey?: string;
  /** Trigger and input of a run whose trigger has fired before: they were read then. */
  readonly ready?: { readonly trigger: TriggerInfo; readonly input: Json };
  /** May hold a firing whose key is new. Null: the run starts now. */
  readonly hold?: (loaded: Loaded, trigger: TriggerInfo) => Promise<H | null>;
  /** How many runs are above this one, if a run has caused it. */
  readonly depth?: number;
  /** What makes two requests the same, besides the workflow and the key. Absent: the key alone does. */
  readonly body?: JsonObject;
  /** The caller waits for the end of the run. */
  readonly waits: boolean;
  /** Loads what to run; called only if the key is new. */
  readonly load: () => Promise<Loaded>;
}

/** A run that was started now or before; `record` is what was written about the run if it is new. */
export interface Started {
  readonly runId: string;
  readonly workflowId: string;
  /** False if the key had started it before. */
  readonly isNew: boolean;
  readonly record?: RunRecord;
  /** A new run that was executed at once: its record is on disk. */
  readonly inline?: RanInline;
  /** Tells of the end of a new run if the caller waits and the worker of this process reports ends. */
  readonly watch?: Watch;
  /** Writes the opening row of a new run. Resolves when it is written or given up; never rejects. */
  readonly open: () => Promise<void>;
}

/**
 * Starts a run, or finds the one that this idempotency key started. A run that only computes is executed at once, and
 * writing its end is the commit point. For all others, Temporal's start is the commit point: the row in Postgres is written
 * after it (`open`), and its loss does not undo the start.
 *
 * @throws ApiProblem `idempotency.mismatch`, `run.tooMany`, and the problems of `load`, of the trigger and of the input
 */
export async function startRun<H = never>(ctx: Context, request: StartRequest<H>): Promise<Started | H> {
  const { workflow, idempotencyKey = null } = request;
  const startedAt = new Date().toISOString();
  const key = idempotencyKey ?? randomUUID();
  const workflowId = workflowIdOf({ workspace: ctx.workspace, workflow, trigger: request.trigger ?? null, key });
  const runId = runIdOf(workflowId);
  const bodyHash = request.body && hashOf(request.body);
  const before = async (): Promise<Started> => {
    if (bodyHash !== undefined) await requireSameBody(ctx, workflowId, bodyHash);
    return { runId, workflowId, isNew: false, open: async () => undefined };
  };
  if (idempotencyKey !== null && (await ctx.isKnownRun(runId))) return before();

  const loaded = await request.load();
  const { graph, plan, version, publishedAt, vars } = loaded;
  const given = request.input === undefined ? {} : request.input;
  const trigger =
    request.ready?.trigger ?? firedTrigger(graph, request, { at: startedAt, key: idempotencyKey, input: given });
  const held = await request.hold?.(loaded, trigger);
  if (held) return held;
  const input = request.ready ? request.ready.input : runInput(graph, trigger, { input: given, vars });
  const url = `${ctx.publicUrl}/api/runs/${runId}`;
  const { depth } = request;
  const priority = runPriority(graph, { trigger, input, vars });
  const facts = {
    ...{ workspace: ctx.workspace, workflow, version, runId, url, startedAt },
    ...(depth ? { depth } : {}),
    ...(priority === undefined ? {} : { priority }),
  };
  const candidate = { workflowId, plan, version, ...(publishedAt && { publishedAt }) };
  const hasBegun = idempotencyKey !== null && (await hasBegunBefore(ctx, candidate));
  const inline = hasBegun ? null : runInline(plan, { ...facts, workflowId, trigger, input, vars });
  if (!inline) {
    const isKept = graph.triggers?.[trigger.id ?? '']?.keepDeclined;
    if ((request.fields || request.ready) && !isKept && !hasBegun)
      requireSomethingToDo(plan, { trigger, input, vars, run: { id: runId, startedAt, workflow, version, url } });
    const label = graph.label ?? graph.name;
    return startDurably(ctx, { facts, workflowId, label, bodyHash, waits: request.waits, plan, trigger, input, vars });
  }
  if (!(await writeInline(ctx, inline, bodyHash))) return before();
  return { runId, workflowId, isNew: true, inline, open: async () => undefined };
}

function firedTrigger(
  graph: Graph,
  { trigger, fields }: Pick<StartRequest, 'trigger' | 'fields'>,
  fired: { at: string; key: string | null; input: Json },
): TriggerInfo {
  return triggerInfo(graph, chooseTrigger(graph, trigger), fields ? { ...fired, fields } : fired);
}

/** What a durable start is made of. */
interface DurableStart {
  readonly facts: Pick<StartInput, 'workspace' | 'workflow' | 'version' | 'runId' | 'url' | 'depth' | 'priority'> & {
    readonly startedAt: string;
  };
  readonly workflowId: string;
  readonly label: string;
  readonly bodyHash: string | undefined;
  readonly waits: boolean;
  readonly plan: Plan;
  readonly trigger: TriggerInfo;
  readonly input: Json;
  readonly vars: JsonObject;
}

async function startDurably(ctx: Context, given: DurableStart): Promise<Started> {
  const { facts, workflowId, label, bodyHash, plan, trigger, input, vars } = given;
  const { runId, startedAt } = facts;
  if (!(await ctx.openRuns.hasRoom())) throw tooMany(ctx);
  const parts = await startParts({ plan, trigger, input, vars }, (value) => store(ctx, runId, value));
  const start: StartInput = { interpreterVersion: INTERPRETER_VERSION, ...facts, ...parts };
  const watch = given.waits && !isInPart(parts) ? ctx.endings?.watch(runId) : undefined;
  const answer = await ctx.runs
    .start({ workflowId, input: ctx.signer.sign(start, workflowId), label, bodyHash: bodyHash ?? '' })
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
  };
  const open = () => writeOpening(ctx, record);
  return { runId, workflowId, isNew: !answer.duplicate, record, ...(watch && { watch }), open };
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

/** What Temporal knows of the run that this key has started, if it was not executed at once. */
async function requireSameBody(ctx: Context, workflowId: string, bodyHash: string | undefined) {
  const inline = await ctx.tenant((tx) => bodyHashOf(tx, { runId: runIdOf(workflowId) }));
  const known = inline === null ? await ctx.runs.describe(workflowId) : null;
  // Temporal may have forgotten a run that Postgres still knows: then nothing is left to compare with.
  const first = inline ?? known?.bodyHash;
  if (bodyHash !== undefined && first && first !== bodyHash) {
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

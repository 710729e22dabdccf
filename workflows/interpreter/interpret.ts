import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  continueAsNew,
  workflowInfo,
} from '@temporalio/workflow';
import {
  cancelRun,
  createRun,
  exceeds,
  type Json,
  openWaits,
  type PackedPlan,
  type Plan,
  Reference,
  type Run,
  type RunError,
  restoreRun,
  seal,
  snapshotRun,
  startRun,
  unpackPlan,
} from '../../graph/sandbox.ts';
import {
  type BlobRef,
  INTERPRETER_VERSION,
  type RunResult,
  type RunSnapshot,
  type StartInput,
  type TriggerInfo,
} from '../contract.ts';
import { takePlace } from './concurrency.ts';
import { type Driver, drive } from './driver.ts';
import { evaluationError, materialise } from './evaluate.ts';
import { listen } from './handlers.ts';
import { closing, internal, sure } from './internal.ts';
import { travelsAsItIs, WHOLE_START } from './payload.ts';
import { recordOf } from './record.ts';
import { resumeAll } from './restore.ts';
import { Scope } from './scope.ts';
import { keep, load, store } from './stored.ts';

/** Runs a plan to its end. One Temporal workflow type per workflow slug is served by this function. */
export function interpret(given: StartInput): Promise<RunResult> {
  const input = checked(given);
  const handOver = listen(input.runId);
  const root = CancellationScope.current();
  // A cancelled scope would refuse records and undo: from here on the reducer alone decides what is cancelled.
  return new Scope({ cancellable: false }).run(async () => {
    const { packed, snapshot } = isStored(input) ? await loadStored(input) : asItCame(input);
    const plan = unpackPlan(packed);
    const driver = open(input, plan, snapshot);
    handOver(driver);
    if (snapshot && !snapshot.queued) resumeAll(driver);
    else if (!(await begin(driver, () => root.consideredCancelled))) return close(driver);
    while ((await drive(driver)) === 'continue') await carryOver(driver);
    return close(driver);
  });
}

/**
 * Starts the run, once it has a place where its graph limits how many run.
 *
 * @returns false if it failed before it began
 */
async function begin(driver: Driver, isCancelled: () => boolean): Promise<boolean> {
  const { run } = driver;
  const refused = run.plan.concurrency ? await takePlace(driver, isCancelled, () => queueOn(driver)) : null;
  if (refused && 'failed' in refused) {
    fail(run, refused.failed);
    return false;
  }
  startRun(run);
  if (refused) cancelRun(run, refused.cancelled);
  return true;
}

/** Waits on in a new execution, with what was said to the run so far. */
async function queueOn(driver: Driver): Promise<void> {
  for (const settle of driver.inbox.splice(0)) settle();
  await goOnFrom(driver, { ...snapshotOf(driver), queued: true });
}

function fail({ state }: Run, error: RunError): void {
  state.status = 'failed';
  state.error = error;
}

/** Refuses what no start of ours sends: the default handler serves any workflow type. */
function checked(input: StartInput): StartInput {
  if (
    typeof input !== 'object' ||
    input === null ||
    typeof input.runId !== 'string' ||
    !isPlan(input.plan, input.planByReference)
  ) {
    throw ApplicationFailure.nonRetryable('This workflow is started by Blok, with a plan.', 'start.invalid');
  }
  // An older worker has met a newer plan during a deploy: fail the task, not the run, until a newer worker takes it.
  if (input.interpreterVersion > INTERPRETER_VERSION)
    throw new Error(`Interpreter version ${input.interpreterVersion} is not known here.`);
  return { ...input, startedAt: input.startedAt ?? workflowInfo().startTime.toISOString() };
}

const isPlan = (plan: unknown, byReference: boolean | undefined): boolean =>
  typeof plan === 'object' && plan !== null && (byReference ? 'blob' in plan : 'effects' in plan && 'body' in plan);

interface Loaded {
  readonly packed: PackedPlan;
  readonly snapshot: RunSnapshot | undefined;
}

const isStored = ({ planByReference, snapshot }: StartInput): boolean =>
  planByReference === true || (snapshot !== undefined && 'blob' in snapshot);

const asItCame = ({ plan, snapshot }: StartInput): Loaded => ({
  packed: plan as PackedPlan,
  snapshot: snapshot as RunSnapshot | undefined,
});

async function loadStored({ workspace, plan, planByReference, snapshot }: StartInput): Promise<Loaded> {
  return {
    packed: (planByReference ? await load(workspace, (plan as { blob: BlobRef }).blob) : plan) as PackedPlan,
    snapshot: (snapshot && 'blob' in snapshot ? await load(workspace, snapshot.blob) : snapshot) as
      | RunSnapshot
      | undefined,
  };
}

const referred = (fields: StartInput['triggerByReference']): Record<string, Reference> =>
  Object.fromEntries(Object.entries(fields ?? {}).map(([field, ref]) => [field, new Reference({ ...ref })]));

function open(input: StartInput, plan: Plan, snapshot: RunSnapshot | undefined): Driver {
  const facts = {
    trigger: { ...input.trigger, ...referred(input.triggerByReference) } as TriggerInfo,
    input: input.inputByReference
      ? new Reference((input.input as { blob: { sha256: string; size: number } }).blob)
      : input.input,
    vars: input.vars,
    run: {
      id: input.runId,
      startedAt: input.startedAt!,
      workflow: input.workflow,
      version: input.version,
      url: input.url,
    },
  };
  const spec = { plan, facts, now: Date.now(), version: input.interpreterVersion };
  const run = snapshot ? restoreRun(spec, snapshot.state) : createRun(spec);
  return newDriver(run, input, workflowInfo().workflowId, snapshot);
}

/** Must be called in a `Scope` that cannot be cancelled: all that the driver starts is started in it. */
export function newDriver(run: Run, input: StartInput, workflowId: string, snapshot?: RunSnapshot): Driver {
  return {
    run,
    input,
    workflowId,
    inbox: [],
    scope: CancellationScope.current() as Scope,
    effects: new Map(),
    bodies: new WeakMap(),
    scopes: new Map(),
    chains: new Map(Object.entries(snapshot?.chains ?? {})),
    beginning: new Map(),
    children: new Map(),
    outbox: 0,
    pauses: snapshot?.pauses ?? 0,
    wake: () => undefined,
    waitsOpened: null,
    writingWaits: false,
    stepsDone: snapshot?.stepsDone ?? 0,
  };
}

/**
 * Goes on in a new execution with the state as it stands. What has ended travels along while that fits the next start;
 * else it is written to the record first.
 */
async function carryOver(driver: Driver): Promise<void> {
  if (exceeds(startFrom(driver, snapshotOf(driver)), WHOLE_START)) await writeEnded(driver);
  if (driver.inbox.length > 0) return;
  await goOnFrom(driver, snapshotOf(driver));
}

/** Continues as new, unless something came while the snapshot was being stored: it would be lost. */
async function goOnFrom(driver: Driver, snapshot: RunSnapshot): Promise<void> {
  let next = startFrom(driver, snapshot);
  if (exceeds(next, WHOLE_START)) next = startFrom(driver, { blob: await store(driver, snapshot) });
  if (driver.inbox.length > 0) return;
  await continueAsNew<(input: StartInput) => Promise<RunResult>>(next);
}

const startFrom = ({ input }: Driver, snapshot: NonNullable<StartInput['snapshot']>): StartInput => ({
  ...input,
  snapshot,
  segment: (input.segment ?? 0) + 1,
});

async function writeEnded(driver: Driver): Promise<void> {
  const { run } = driver;
  const written = run.state.ended.length;
  await sure('blokRecord', { ...recordOf(driver, 'running', openWaits(run)), steps: run.state.ended });
  run.state.ended.splice(0, written);
  driver.stepsDone += written;
}

export function snapshotOf(driver: Driver): RunSnapshot {
  const { run, stepsDone, chains, pauses } = driver;
  return { state: snapshotRun(run), stepsDone, chains: Object.fromEntries(chains), ...(pauses > 0 ? { pauses } : {}) };
}

/** Writes the closing record and ends the Temporal workflow as the run ended. */
async function close(driver: Driver): Promise<RunResult> {
  const { input, run } = driver;
  const { state } = run;
  // First, because the run fails if its output cannot be had.
  const output: Ended = travelsAsItIs(state.output) ? { output: state.output ?? null } : await storedOutput(driver);
  const result: RunResult = {
    runId: input.runId,
    status: state.status,
    ...output,
    ...(state.error ? { error: named(state.error) } : {}),
  };
  if (run.plan.onFailure && (state.status === 'failed' || state.status === 'timed-out'))
    await startOnFailure(driver, run.plan.onFailure);
  const endedAt = new Date().toISOString();
  // The outcome stands whether or not it can be written now: the reconciler writes it from history.
  closing.close(recordOf(driver, state.status, [], { ...output, endedAt }));
  if (state.status === 'succeeded') return result;
  throw failureOf(result);
}

interface Ended {
  readonly output: Json;
  readonly outputRef?: BlobRef;
}

/** The output with what is stored put in. What is not there after all fails the run, as it would have by value. */
async function storedOutput(driver: Driver): Promise<Ended> {
  const { state } = driver.run;
  let value: unknown;
  try {
    value = await materialise(driver, state.output);
  } catch (thrown) {
    const { code, message } = evaluationError(thrown);
    fail(driver.run, { code, message: `output: ${message}`, step: '', node: '', attempts: 0, unknown: false });
    return { output: null };
  }
  if (value instanceof Reference) return { output: null, outputRef: { sha256: value.sha256, size: value.size } };
  const packed = await keep(driver, value);
  return 'blob' in packed ? { output: null, outputRef: packed.blob } : { output: value as Json };
}

/** Most failed undo steps that a result names: it goes into history. The run's record has them all. */
const NAMED = 200;

const named = (error: RunError): RunError =>
  error.undo && error.undo.length > NAMED ? { ...error, undo: error.undo.slice(0, NAMED) } : error;

function failureOf(result: RunResult): Error {
  const error = result.error as RunError;
  if (result.status === 'cancelled') return new CancelledFailure(error.message, [result]);
  const message = `${error.step ? `${error.step}: ` : ''}${error.message}`;
  const failure = ApplicationFailure.create({ message, type: error.code, nonRetryable: true, details: [result] });
  // People read it in the Temporal UI: the run's error says where, the interpreter's stack says nothing.
  failure.stack = '';
  return failure;
}

async function startOnFailure({ input, run }: Driver, workflow: string): Promise<void> {
  const failed = {
    workflow: input.workflow,
    run: input.runId,
    status: run.state.status,
    error: run.state.error as unknown as Json,
    input: seal(run.facts.input).value as Json,
  };
  await internal.blokOnFailure({ workspace: input.workspace, workflow, failed }).catch(() => undefined);
}

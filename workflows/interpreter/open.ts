import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import {
  createRun,
  type PackedPlan,
  type Plan,
  Reference,
  restoreRun,
  sandboxDigest,
  type TakenSteps,
} from '../../graph/sandbox.ts';
import {
  type BlobRef,
  INTERPRETER_VERSION,
  type RunSnapshot,
  type StartInput,
  type TriggerInfo,
  UNKNOWN_VERSION,
} from '../contract.ts';
import { type Driver, newDriver } from './base/driver.ts';
import { kept, load } from './base/stored.ts';

/** Refuses input that Blok never sends, because the default handler serves any workflow type. */
export function checked(input: StartInput): StartInput {
  if (
    typeof input !== 'object' ||
    input === null ||
    typeof input.runId !== 'string' ||
    !isPlan(input.plan, input.planByReference)
  ) {
    throw ApplicationFailure.nonRetryable('This workflow is started by Blok, with a plan.', 'start.invalid');
  }
  // During a deploy, an older worker may meet a newer plan: fail the task, not the run, until a newer worker takes it.
  if (input.interpreterVersion > INTERPRETER_VERSION)
    throw new Error(`${UNKNOWN_VERSION} ${input.interpreterVersion}.`);
  requireGenuine(input);
  return { ...input, startedAt: input.startedAt ?? workflowInfo().startTime.toISOString() };
}

/**
 * Refuses a start that is not the one that was signed, and a state that no earlier execution of the run has left. Only
 * the server says that an execution continues another one. Activities check the signature itself.
 */
function requireGenuine(input: StartInput): void {
  const { workflowId, continuedFromExecutionRunId } = workflowInfo();
  const signed = !input.proof || input.proof.digest === sandboxDigest(input, workflowId);
  if (signed && (!input.snapshot || continuedFromExecutionRunId !== undefined)) return;
  throw ApplicationFailure.nonRetryable('This start is not the one that Blok made for this run.', 'start.invalid');
}

const isPlan = (plan: unknown, byReference: boolean | undefined): boolean =>
  typeof plan === 'object' && plan !== null && (byReference ? 'blob' in plan : 'effects' in plan && 'body' in plan);

export interface Loaded {
  readonly packed: PackedPlan;
  readonly snapshot: RunSnapshot | undefined;
  readonly taken: TakenSteps | undefined;
}

/** True if the execution must load its plan, its snapshot or what it takes over before it can begin. */
export const isStored = ({ planByReference, snapshot, taken }: StartInput): boolean =>
  planByReference === true ||
  (snapshot !== undefined && 'blob' in snapshot) ||
  (taken !== undefined && 'blob' in taken);

/**
 * What the execution starts from, if all of it is in the input. Nothing is awaited, because promises slow a short run.
 */
export const asItCame = ({ plan, snapshot, taken }: StartInput): Loaded => ({
  packed: plan as PackedPlan,
  snapshot: snapshot as RunSnapshot | undefined,
  taken: taken && 'value' in taken ? taken.value : undefined,
});

/** What the execution starts from, loaded from where it was stored. */
export async function loadStored({ workspace, plan, planByReference, snapshot, taken }: StartInput): Promise<Loaded> {
  return {
    packed: (planByReference ? await load(workspace, (plan as { blob: BlobRef }).blob) : plan) as PackedPlan,
    snapshot: (snapshot && 'blob' in snapshot ? await load(workspace, snapshot.blob) : snapshot) as
      | RunSnapshot
      | undefined,
    taken: taken && (await kept(workspace, taken)),
  };
}

const referred = (fields: StartInput['triggerByReference']): Record<string, Reference> =>
  Object.fromEntries(Object.entries(fields ?? {}).map(([field, ref]) => [field, new Reference({ ...ref })]));

/** The driver of a run that begins, or continues from a snapshot. */
export function open(input: StartInput, plan: Plan, { snapshot, taken }: Omit<Loaded, 'packed'>): Driver {
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
  const spec = { plan, facts, now: Date.now(), version: input.interpreterVersion, taken };
  const run = snapshot ? restoreRun(spec, snapshot.state) : createRun(spec);
  return newDriver(run, input, workflowInfo().workflowId, snapshot);
}

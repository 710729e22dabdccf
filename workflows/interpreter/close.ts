import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import { type Json, Reference, type Run, type RunError, seal, travelsAsItIs } from '../../graph/sandbox.ts';
import { type BlobRef, claimOf, type RunResult } from '../contract.ts';
import type { Driver } from './base/driver.ts';
import { internalActivities, recordSink } from './base/internal-activities.ts';
import { recordOf } from './base/record.ts';
import { keep } from './base/stored.ts';
import { evaluationError, materialise } from './steps/evaluate.ts';

/** Fails a run although none of its steps failed. */
export function fail({ state }: Run, error: RunError): void {
  state.status = 'failed';
  state.error = error;
}

/** Writes the closing record and ends the Temporal workflow as the run ended. */
export async function close(driver: Driver): Promise<RunResult> {
  const { input, run } = driver;
  const { state } = run;
  // The output comes first, because the run fails if its output cannot be computed.
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
  // The outcome stands even if it cannot be written now: the reconciler writes it from history.
  recordSink.close(recordOf(driver, state.status, [], { ...output, endedAt }), claimOf(input));
  if (state.status === 'succeeded') return result;
  throw failureOf(result);
}

interface Ended {
  readonly output: Json;
  readonly outputRef?: BlobRef;
}

/** The output with its stored parts loaded. A part that turns out to be missing fails the run, as it would by value. */
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

/** Most failed undo steps that a result names, because the result goes into history. The run's record has them all. */
const NAMED = 200;

const named = (error: RunError): RunError =>
  error.undo && error.undo.length > NAMED ? { ...error, undo: error.undo.slice(0, NAMED) } : error;

function failureOf(result: RunResult): Error {
  const error = result.error as RunError;
  if (result.status === 'cancelled') return new CancelledFailure(error.message, [result]);
  const message = `${error.step ? `${error.step}: ` : ''}${error.message}`;
  const failure = ApplicationFailure.create({ message, type: error.code, nonRetryable: true, details: [result] });
  // People read this in the Temporal UI. The run's error says where it failed; the interpreter's stack tells them
  // nothing.
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
  const { workspace, depth } = input;
  await internalActivities
    .blokOnFailure({ workspace, workflow, failed, ...(depth ? { depth } : {}) })
    .catch(() => undefined);
}

import { linkRunBlob, putBlob, renewBlob, type Tenant } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { TakenStep, TakenSteps } from '../../graph/run-state/index.ts';
import type { StartInput } from '../../workflows/contract.ts';
import type { Context } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';

/** Largest set of steps, in bytes of JSON, that is in the start of the run itself. */
const IN_START = 32_768;
/** From this size on, outputs are stored one by one, because the run holds all of this in memory. */
const LARGE = 500_000;
const SMALL_OUTPUT = 1_024;
/** Largest set of steps of one run, once its outputs are stored. */
const MOST = 4_000_000;

/**
 * Stores what a run takes over, if it is too large for the start of the run, and lets the new run hold the outputs that are
 * stored already.
 *
 * @throws ApiProblem `run.notKept` if such an output is gone, or if there is too much
 */
export async function storeTaken(ctx: Context, runId: string, taken: TakenSteps): Promise<StartInput['taken']> {
  return ctx.tenant(async (tx) => {
    const kept = sizeOf(taken) > LARGE ? await withSmallOutputs(tx, runId, taken) : taken;
    const bytes = bytesOf(kept);
    if (bytes.length > MOST) throw notKept('So many steps come before that step that they cannot be taken over.');
    await holdStored(tx, runId, kept);
    return bytes.length <= IN_START ? { value: kept } : { blob: await putBlob(tx, { runId, bytes }) };
  });
}

async function withSmallOutputs(tx: Tenant, runId: string, { steps, nodes }: TakenSteps): Promise<TakenSteps> {
  const small: Record<string, TakenStep> = {};
  for (const [path, step] of Object.entries(steps)) small[path] = await withSmallOutput(tx, runId, step);
  return { steps: small, ...(nodes ? { nodes } : {}) };
}

async function withSmallOutput(tx: Tenant, runId: string, step: TakenStep): Promise<TakenStep> {
  const { output, ...rest } = step;
  if (output === undefined || sizeOf(output) <= SMALL_OUTPUT) return step;
  // The port is known from the output, which the run does not see any more.
  if (rest.port === undefined) return step;
  return { ...rest, outputRef: await putBlob(tx, { runId, bytes: bytesOf(output) }) };
}

async function holdStored(tx: Tenant, runId: string, { steps }: TakenSteps): Promise<void> {
  for (const [path, { outputRef }] of Object.entries(steps)) {
    if (!outputRef) continue;
    const { sha256 } = outputRef;
    if ((await renewBlob(tx, { sha256 })) === null)
      throw notKept(`The output of ${path} is not kept any more. Give one in "outputs".`);
    await linkRunBlob(tx, { runId, sha256 });
  }
}

const textOf = (value: TakenSteps | Json): string => JSON.stringify(value);
const sizeOf = (value: TakenSteps | Json): number => Buffer.byteLength(textOf(value));
const bytesOf = (value: TakenSteps | Json): Uint8Array => new TextEncoder().encode(textOf(value));

/** Something that the run needs is gone. */
export const notKept = (what: string): ApiProblem => new ApiProblem('run.notKept', what);

import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import {
  type EvaluateCall,
  NeedsData,
  resolveTemplate,
  type Scope,
  seal,
  type Template,
} from '../../../graph/sandbox.ts';
import type { EvaluateInput } from '../../activities.ts';
import type { EffectFailure, Enveloped } from '../../contract.ts';
import type { Driver } from '../base/driver.ts';
import { empty } from '../base/empty.ts';
import { longActivities } from '../base/internal-activities.ts';
import { keep } from '../base/stored.ts';
import { outputFrom } from './effect.ts';

type Evaluated = { ok: true; value: unknown } | { ok: false; code: string; message: string };

/** The error of an evaluation, wherever it ran. */
export function evaluationError(thrown: unknown): { code: string; message: string } {
  const cause = thrown instanceof ActivityFailure ? thrown.cause : thrown;
  const details = cause instanceof ApplicationFailure ? (cause.details?.[0] as EffectFailure | undefined) : undefined;
  return {
    code: details?.code ?? 'expression',
    message: details?.message ?? String((cause as Error)?.message ?? cause),
  };
}

/** Lets an activity compute a value that needs stored data. */
export async function runEvaluate(driver: Driver, call: EvaluateCall): Promise<Evaluated> {
  const { template, scope, key, data } = call;
  try {
    return { ok: true, value: await compute(driver, { template, scope, field: key, ...(data ? { data } : {}) }) };
  } catch (thrown) {
    if (isCancellation(thrown)) throw thrown;
    return { ok: false, ...evaluationError(thrown) };
  }
}

/**
 * Resolves a template outside any step: here or, if it reads stored data, in an activity.
 *
 * @throws what `evaluationError` reads
 */
export async function resolveAnywhere(
  driver: Driver,
  template: Template,
  scope: Scope,
  field: string,
): Promise<unknown> {
  try {
    return resolveTemplate(driver.run, template, scope, field);
  } catch (thrown) {
    if (!(thrown instanceof NeedsData)) throw thrown;
  }
  return compute(driver, { template, scope: seal(scope), field });
}

/** A value with its references replaced by their data, stored if it is large. The run's output is made by this. */
export async function materialise(driver: Driver, value: unknown): Promise<unknown> {
  const scope = seal({ input: value });
  if (!scope.refs) return value;
  return compute(driver, { template: ['e', ['.', 0, 'input'], 'input'], scope, whole: true });
}

type Computation = Pick<EvaluateInput, 'template' | 'data' | 'field' | 'whole'> & { readonly scope: Enveloped };

async function compute(driver: Driver, { scope, ...computation }: Computation): Promise<unknown> {
  const { workspace, runId } = driver.input;
  const input = {
    ...computation,
    workspace,
    runId,
    scope: await keep(driver, scope),
    inline: [],
    now: new Date(driver.run.now).toISOString(),
  };
  try {
    return outputFrom(await longActivities.blokEvaluate(input));
  } finally {
    empty(input);
  }
}

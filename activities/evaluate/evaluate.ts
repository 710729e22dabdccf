import { Context } from '@temporalio/activity';
import { ExpressionError, newFuel, zoneRules } from '../../graph/expression/index.ts';
import { FUEL_PER_EXPRESSION } from '../../graph/limits.ts';
import { unseal } from '../../graph/run-state/index.ts';
import type { EvaluateInput } from '../../workflows/activities.ts';
import type { EffectResult } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { keepAlive } from '../base/heartbeat.ts';
import { toFailure } from '../failure.ts';
import { outputOf } from '../store/store-output.ts';
import { kept, whole } from '../store/stored.ts';
import { type Beside, createBeside } from './beside.ts';
import { type Computation, compute } from './compute.ts';

/** Fuel of a computation in the process itself: as much as a data node gets in a workflow, a tenth of a second of work. */
const FUEL = 2_000_000;

/** Implements `blokEvaluate`: the same evaluator, where the data can be loaded. */
export function createEvaluate(deps: ActivityDeps): (input: EvaluateInput) => Promise<EffectResult> {
  const beside = createBeside();
  return async (input) => {
    const startedAt = new Date().toISOString();
    const meta = () => ({ attempt: 1, startedAt, endedAt: new Date().toISOString() });
    try {
      const { template, data, field, now, workspace } = input;
      const sealed = (await kept(deps, workspace, input.scope)) as never;
      const scope = await whole(deps, workspace, unseal(sealed));
      const value = await computeAnywhere({ template, data, field, now, scope }, input, beside);
      return { ...(await outputOf(deps, input, value)), meta: meta() };
    } catch (thrown) {
      throw toFailure(thrown, { giveUpOn: [] }, meta());
    }
  };
}

/** Most computations are short. One that is not begins again in a thread, with much more fuel, and the process goes on. */
async function computeAnywhere(computation: Computation, of: EvaluateInput, beside: Beside): Promise<unknown> {
  const fuel = newFuel(FUEL, zoneRules);
  try {
    return compute(computation, fuel);
  } catch (error) {
    const isLong = error instanceof ExpressionError && error.reason === 'fuel';
    // An expression that used up its own allowance has no more in a thread.
    if (!isLong || !(computation.data || fuel.left < FUEL_PER_EXPRESSION)) throw error;
  }
  const stop = keepAlive();
  try {
    const { workspace, runId } = of;
    const asker = { workspace, runId, work: runId, inCrowd: false };
    return await beside(computation, asker, Context.current().cancellationSignal);
  } finally {
    stop();
  }
}

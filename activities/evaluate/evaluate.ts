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
import { createBeside } from './beside.ts';
import { type Computation, compute } from './compute.ts';

/** Fuel of a computation in the process itself: as much as a data node gets in a workflow, a tenth of a second of work. */
const FUEL = 2_000_000;

/** Implements `blokEvaluate`: the same evaluator, where the data can be loaded. */
export function createEvaluate(deps: ActivityDeps): (input: EvaluateInput) => Promise<EffectResult> {
  const beside = createBeside();
  return async (input) => {
    const startedAt = new Date().toISOString();
    const meta = () => ({ attempt: 1, startedAt, endedAt: new Date().toISOString() });
    const stop = keepAlive();
    try {
      const load = () => loaded(deps, input);
      const { cancellationSignal } = Context.current();
      const here = computedHere(await load());
      const value = here ? here.value : await beside(load, input, cancellationSignal);
      return { ...(await outputOf(deps, input, value)), meta: meta() };
    } catch (thrown) {
      throw toFailure(thrown, { giveUpOn: [] }, meta());
    } finally {
      stop();
    }
  };
}

async function loaded(deps: ActivityDeps, input: EvaluateInput): Promise<Computation> {
  const { template, data, field, now, workspace } = input;
  const sealed = (await kept(deps, workspace, input.scope)) as never;
  return { template, data, field, now, scope: await whole(deps, workspace, unseal(sealed)) };
}

/** Most computations are short. Null: this one is long, and begins again in a thread, with much more fuel. */
function computedHere(computation: Computation): { readonly value: unknown } | null {
  const fuel = newFuel(FUEL, zoneRules);
  try {
    return { value: compute(computation, fuel) };
  } catch (error) {
    const isLong = error instanceof ExpressionError && error.reason === 'fuel';
    // An expression that used up its own allowance has no more in a thread.
    if (isLong && (computation.data || fuel.left < FUEL_PER_EXPRESSION)) return null;
    throw error;
  }
}

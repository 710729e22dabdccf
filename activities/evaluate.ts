import { runData } from '../graph/data/index.ts';
import { newFuel, resolveInPlace, zoneRules } from '../graph/expression/index.ts';
import { scopeFromSlice, unseal } from '../graph/run-state/index.ts';
import type { EvaluateInput } from '../workflows/activities.ts';
import type { EffectResult } from '../workflows/contract.ts';
import type { ActivityDeps } from './base/deps.ts';
import { toFailure } from './failure.ts';
import { outputOf } from './store/store-output.ts';
import { kept, whole } from './store/stored.ts';

/**
 * Fuel of a computation over stored data: much more than in the workflow, because nothing here can hold up the
 * workflow.
 */
const FUEL = 100_000_000;

/** Implements `blokEvaluate`: the same evaluator, where the data can be loaded. */
export async function evaluateStored(deps: ActivityDeps, input: EvaluateInput): Promise<EffectResult> {
  const startedAt = new Date().toISOString();
  const meta = () => ({ attempt: 1, startedAt, endedAt: new Date().toISOString() });
  try {
    const sealed = (await kept(deps, input.workspace, input.scope)) as never;
    const scope = scopeFromSlice({ value: await whole(deps, input.workspace, unseal(sealed)) }, { now: input.now });
    const fuel = newFuel(FUEL, zoneRules);
    const value = input.data
      ? runData(input.data, input.template, scope, fuel)
      : resolveInPlace(input.template, scope, fuel, input.field ?? 'with');
    return { ...(await outputOf(deps, input, value)), meta: meta() };
  } catch (thrown) {
    throw toFailure(thrown, { giveUpOn: [] }, meta());
  }
}

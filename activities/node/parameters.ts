import { newFuel, resolveInPlace, zoneRules } from '../../graph/expression/index.ts';
import { scopeFromSlice, unseal } from '../../graph/run-state/index.ts';
import type { EffectRequest, Enveloped } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';
import { loadJson, whole } from '../store/stored.ts';

/**
 * Fuel of parameters that are resolved here: ten times as much as in the workflow, because their data had to be loaded.
 */
const FUEL = 2_000_000;

/** The node's parameters: as the workflow resolved them, with stored data put in, or resolved here. */
export async function parametersOf(deps: ActivityDeps, request: EffectRequest): Promise<unknown> {
  const { workspace } = request;
  const stored = request.stored
    ? ((await loadJson(deps, workspace, request.stored.sha256)) as Partial<EffectRequest> & Enveloped)
    : undefined;
  const deferred = request.deferred ?? stored?.deferred;
  if (deferred) {
    const scope = scopeFromSlice({ value: await whole(deps, workspace, unseal(deferred.scope as never)) });
    return resolveInPlace(deferred.template, scope, newFuel(FUEL, zoneRules), 'with');
  }
  const sealed = stored ?? { value: request.with, refs: request.refs };
  return whole(
    deps,
    workspace,
    unseal({ value: sealed.value ?? {}, ...(sealed.refs ? { refs: sealed.refs } : {}) } as never),
  );
}

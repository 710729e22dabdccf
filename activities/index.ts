import type { InternalActivities } from '../workflows/activities.ts';
import type { EffectRequest, EffectResult } from '../workflows/contract.ts';
import { createAwait } from './await-run.ts';
import { createBreaker } from './breaker.ts';
import type { ActivityDeps } from './deps.ts';
import { evaluateStored } from './evaluate.ts';
import { gather, page, split } from './lists.ts';
import { startOnFailure } from './on-failure.ts';
import { takePlace } from './place.ts';
import { record, recordSteps, recordWaits } from './record.ts';
import { runNode } from './run-node.ts';
import { loadJson, loadPart, storeValue } from './stored.ts';

/** Every activity of the worker: `default` runs any node type, the rest serve the interpreter. */
export function createActivities(
  deps: ActivityDeps,
): InternalActivities & { default: (request: EffectRequest) => Promise<EffectResult> } {
  const breaker = createBreaker();
  return {
    default: (request) => runNode(deps, request),
    blokRecord: (input) => record(deps, breaker, input),
    blokSteps: (input) => recordSteps(deps, input),
    blokWaits: (input) => recordWaits(deps, input),
    blokEvaluate: (input) => evaluateStored(deps, input),
    blokStore: (input) => storeValue(deps, input),
    blokLoad: ({ workspace, ref }) => loadJson(deps, workspace, ref.sha256),
    blokLoadPart: (input) => loadPart(deps, input),
    blokSplit: (input) => split(deps, input),
    blokPage: (input) => page(deps, input),
    blokGather: (input) => gather(deps, input),
    blokAwait: createAwait(deps),
    blokSlot: (input) => takePlace(deps, input),
    blokOnFailure: (input) => startOnFailure(deps, input),
  };
}

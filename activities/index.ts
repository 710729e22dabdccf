import type { InternalActivities } from '../workflows/activities.ts';
import type { EffectRequest, EffectResult } from '../workflows/contract.ts';
import { createAwait } from './await-run.ts';
import type { Breaker } from './breaker.ts';
import type { ActivityDeps } from './deps.ts';
import { evaluateStored } from './evaluate.ts';
import { gather, page, split } from './lists.ts';
import { startOnFailure } from './on-failure.ts';
import { takePlace } from './place.ts';
import { quick } from './quick.ts';
import { record, recordSteps, recordWaits } from './record.ts';
import { runNode } from './run-node.ts';
import { loadJson, loadPart, storeValue } from './stored.ts';

/** Every activity of the worker: `default` runs any node type, the rest serve the interpreter. */
export function createActivities(
  deps: ActivityDeps,
  breaker: Breaker,
): InternalActivities & { default: (request: EffectRequest) => Promise<EffectResult> } {
  const quickly = quick(breaker);
  return {
    default: (request) => runNode(deps, request),
    blokRecord: quickly((input) => record(deps, input)),
    blokSteps: quickly((input) => recordSteps(deps, input)),
    blokWaits: quickly((input) => recordWaits(deps, input)),
    blokEvaluate: (input) => evaluateStored(deps, input),
    blokStore: quickly((input) => storeValue(deps, input)),
    blokLoad: quickly(({ workspace, ref }) => loadJson(deps, workspace, ref.sha256)),
    blokLoadPart: (input) => loadPart(deps, input),
    blokSplit: (input) => split(deps, input),
    blokPage: quickly((input) => page(deps, input)),
    blokGather: (input) => gather(deps, input),
    blokAwait: createAwait(deps),
    blokSlot: quickly((input) => takePlace(deps, input)),
    blokOnFailure: (input) => startOnFailure(deps, input),
  };
}

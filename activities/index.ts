import { Context } from '@temporalio/activity';
import type { InternalActivities, TriggerActivities } from '../workflows/activities.ts';
import type { EffectRequest, EffectResult } from '../workflows/contract.ts';
import type { Breaker } from './base/breaker.ts';
import type { ActivityDeps } from './base/deps.ts';
import { refusedForGood } from './base/refuse-for-good.ts';
import { refusedWhileAway } from './base/refuse-while-away.ts';
import { createEvaluate } from './evaluate/evaluate.ts';
import { runNode } from './node/run-node.ts';
import { createAwait } from './run/await-run.ts';
import { createLineGate } from './run/line-gate.ts';
import { startOnFailure } from './run/on-failure.ts';
import { record, recordSteps } from './run/record.ts';
import { claimSlot, claimTurn } from './run/slot.ts';
import { recordWaits } from './run/waits.ts';
import { gather, page, split } from './store/lists.ts';
import { loadPart } from './store/load-part.ts';
import { loadJson, storeValue } from './store/stored.ts';
import { createTriggerActivities } from './triggers/index.ts';

/** Every activity of the worker: `default` runs any node type, the rest serve the interpreter and the watchers of triggers. */
export function createActivities(
  deps: ActivityDeps,
  breaker: Breaker,
): InternalActivities & TriggerActivities & { default: (request: EffectRequest) => Promise<EffectResult> } {
  const guarded = refusedWhileAway(breaker);
  const lines = createLineGate();
  const asking = () => ({ ...deps, lines, signal: Context.current().cancellationSignal });
  return {
    default: (request) => runNode(deps, request),
    blokRecord: guarded((input) => record(deps, input)),
    blokSteps: guarded((input) => recordSteps(deps, input)),
    blokWaits: guarded((input) => recordWaits(deps, input)),
    blokEvaluate: createEvaluate(deps),
    blokStore: guarded(refusedForGood((input) => storeValue(deps, input))),
    blokLoad: guarded(({ workspace, ref }) => loadJson(deps, workspace, ref.sha256)),
    blokLoadPart: (input) => loadPart(deps, input),
    blokSplit: refusedForGood((input) => split(deps, input)),
    blokPage: guarded((input) => page(deps, input)),
    blokGather: refusedForGood((input) => gather(deps, input)),
    blokAwait: createAwait(deps),
    blokSlot: guarded((input) => claimSlot(asking(), input)),
    blokTurn: guarded((input) => claimTurn(asking(), input)),
    ...createTriggerActivities(deps),
    blokOnFailure: (input) => startOnFailure(deps, input, Context.current().info.taskQueue),
  };
}

import { zoneRules } from '../expression/index.ts';
import type { JsonObject } from '../json.ts';
import { BYTES_HELD_IN_DRY_RUN } from '../limits.ts';
import { createRun, DEFAULT_LIMITS, hasEnded, openSteps, openWaits, startRun } from '../run-state/index.ts';
import { requireNodes } from './answers.ts';
import { drive } from './drive.ts';
import type { DryRunOptions, DryRunOutcome } from './types.ts';

export { outputOfPin } from './agent-turn.ts';
export { nameIn, nodeOf, pinned } from './answers.ts';
export { PinError } from './pin-error.ts';
export type { DryEvent, DryRunOptions, DryRunOutcome } from './types.ts';

/**
 * Runs a plan without a server and without effects: the same reducer, its effects answered from pins, its clock jumping
 * from timer to timer.
 *
 * @throws PinError if a pin belongs to no node of the plan, or the pin of an approval is not a decision
 * @example dryRun({ plan, input: { id: 1 }, pins: { price: { usd: 150 } } }).output
 */
export function dryRun(options: DryRunOptions): DryRunOutcome {
  requireNodes(options);
  const now = options.now ?? Date.UTC(2026, 0, 1);
  const startedAt = new Date(now).toISOString();
  const trigger = { id: null, uses: 'call', at: startedAt, key: null, by: null, ...options.trigger } as JsonObject;
  const facts = {
    trigger,
    input: options.input ?? {},
    vars: options.vars ?? {},
    run: { id: options.runId ?? 'dry-run', startedAt, workflow: options.plan.name, version: null, url: '' },
  };
  // There are no child workflows here: a list of any length is run in place.
  const limits = { ...DEFAULT_LIMITS, inlineItems: Number.POSITIVE_INFINITY, bytes: BYTES_HELD_IN_DRY_RUN };
  const run = createRun({ plan: options.plan, facts, now, limits, zones: zoneRules, taken: options.taken });
  startRun(run);
  const cut = drive(run, options) === 'cut';
  const ended = hasEnded(run);
  return {
    status: ended ? run.state.status : cut ? 'running' : 'waiting',
    output: ended ? run.state.output : null,
    error: run.state.error,
    steps: [...run.state.ended, ...openSteps(run)],
    waits: openWaits(run),
    endedAt: ended ? new Date(run.now).toISOString() : null,
    fuel: run.state.fuelUsed,
    response: run.state.response,
  };
}

/** Runs without Temporal: of graphs that only compute, or up to the first effect that is not dead. */
import { zoneRules } from '../expression/index.ts';
import type { Json } from '../json.ts';
import { exceeds } from '../json-size.ts';
import { FUEL_PER_EXPRESSION, INPUT_IN_START } from '../limits.ts';
import type { Plan } from '../plan/types.ts';
import {
  type Command,
  createRun,
  DEFAULT_LIMITS,
  endOverdue,
  hasEnded,
  pump,
  type RunFacts,
  type StepRecord,
  startRun,
  travelsAsItIs,
} from '../run-state/index.ts';

import { mustBeDurable, needsWorker } from './needs-worker.ts';

export { needsWorker };

/** A run that has succeeded. */
export interface InlineRun {
  readonly output: Json;
  readonly steps: readonly StepRecord[];
  /** What a `respond` node answered, or null. */
  readonly response: Json;
  /** ISO time. */
  readonly endedAt: string;
}

/** An inline run computes where others are waiting: as much as one expression may, which takes at most 50 ms. */
const LIMITS = { ...DEFAULT_LIMITS, yieldFuel: FUEL_PER_EXPRESSION };

/** What the driver of an inline run can do without: it looks at the clock itself, and nobody asks what the run waits for. */
const IGNORED: ReadonlySet<Command['do']> = new Set(['timer', 'clearTimer', 'end']);

/**
 * Runs a plan at once, with the same reducer and the same limits as Temporal's driver.
 *
 * @param clock epoch ms
 * @returns null if the run needs more than this: an effect, a wait, a value that has to be stored, more time. Nothing has
 *   happened then, and a durable run of the same facts comes to the same result. A run that does not succeed is durable,
 *   too, because other workflows may be waiting for its failure
 * @example inlineRun({ plan, facts, clock: Date.now })?.output
 */
export function inlineRun(spec: { plan: Plan; facts: RunFacts; clock: () => number }): InlineRun | null {
  const { plan, facts, clock } = spec;
  const run = createRun({ plan, facts, now: clock(), limits: LIMITS, zones: zoneRules });
  startRun(run);
  const wish = pump(run);
  if (wish === 'yield' || run.commands.some((command) => !IGNORED.has(command.do))) return null;
  run.now = clock();
  endOverdue(run);
  const { state } = run;
  if (!hasEnded(run) || state.status !== 'succeeded' || !travelsAsItIs(state.output)) return null;
  const endedAt = new Date(run.now).toISOString();
  return { output: state.output ?? null, steps: state.ended, response: state.response as Json, endedAt };
}

/**
 * Whether a run has nothing to do: what can be computed at once leaves no effect and no wait, and answers nobody. A trigger
 * that has fired for such a run starts none.
 */
export function hasNothingToDo(spec: Parameters<typeof inlineRun>[0]): boolean {
  const { plan, facts } = spec;
  if (mustBeDurable(plan) || !needsWorker(plan)) return false;
  return !exceeds(facts.input, INPUT_IN_START) && inlineRun(spec)?.response === null;
}

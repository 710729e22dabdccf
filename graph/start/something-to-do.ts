import { hasNothingToDo } from '../inline-run/index.ts';
import type { Plan } from '../plan/types.ts';
import type { RunFacts } from '../run-state/index.ts';
import { StartError } from './error.ts';

/**
 * Declines a firing whose run would have nothing to do.
 *
 * @throws StartError `trigger.declined`
 */
export function requireSomethingToDo(plan: Plan, facts: RunFacts): void {
  if (!hasNothingToDo({ plan, facts, clock: Date.now })) return;
  throw new StartError(
    'trigger.declined',
    'Everything behind the conditions of the graph is dead for this input, so no run was started. ' +
      '`keepDeclined: true` on the trigger keeps such runs.',
  );
}

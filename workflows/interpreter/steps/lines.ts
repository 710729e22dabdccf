import { workflowInfo } from '@temporalio/workflow';
import type { EffectCall, EffectOutcome } from '../../../graph/sandbox.ts';
import { taskQueueOf } from '../../contract.ts';
import type { Driver } from '../base/driver.ts';

/**
 * How many effects of a run stand in the first line of a queue at a time. A run that starts more sends them to the
 * second line, the crowd, so that it does not stand before the first steps of other runs.
 */
const IN_FIRST_LINE = 16;
const IN_FIRST_LINE_OF: Readonly<Record<string, number>> = { code: 4 };

/** How long a worker may go on with an effect that was given up, because it hears of that with its next heartbeat. */
const HEARD_WITHIN_MS = 10_000;

/** Puts an effect in line until `leaveLine`. @returns the task queue, or undefined for the one of the run itself */
export function standInLine({ lines, run }: Driver, { id, effect: { queue } }: EffectCall): string | undefined {
  const name = queue ?? '';
  const first = lines.get(name) ?? new Map<string, number>();
  lines.set(name, first);
  for (const [other, until] of first) if (until <= run.now) first.delete(other);
  const crowd = first.size >= (IN_FIRST_LINE_OF[name] ?? IN_FIRST_LINE);
  if (!crowd) first.set(id, Number.POSITIVE_INFINITY);
  if (!crowd && queue === undefined) return undefined;
  return taskQueueOf(workflowInfo().taskQueue, { ...(queue === undefined ? {} : { queue }), crowd });
}

/** The effect has ended. Its place in line is free, or, if the effect was only given up, will soon be. */
export function leaveLine({ lines, run }: Driver, call: EffectCall, outcome: EffectOutcome | undefined): void {
  const first = lines.get(call.effect.queue ?? '');
  const goesOn = outcome?.ok === false && (outcome.cancelled || outcome.error.code === 'timeout');
  if (!goesOn) first?.delete(call.id);
  else if (first?.has(call.id)) first.set(call.id, run.now + HEARD_WITHIN_MS);
}

import { workflowInfo } from '@temporalio/workflow';
import type { EffectCall } from '../../../graph/sandbox.ts';
import { taskQueueOf } from '../../contract.ts';
import type { Driver } from '../base/driver.ts';

/**
 * How many effects of a run stand in the first line of a queue at a time. A run that starts more sends them to the
 * second line, the crowd, so that it does not stand before the first steps of other runs.
 */
const IN_FIRST_LINE = 16;
const IN_FIRST_LINE_OF: Readonly<Record<string, number>> = { code: 4 };

/** Puts an effect in line until `leaveLine`. @returns the task queue, or undefined for the one of the run itself */
export function standInLine({ lines }: Driver, { path, effect: { queue } }: EffectCall): string | undefined {
  const name = queue ?? '';
  const first = lines.get(name) ?? new Set();
  lines.set(name, first);
  const crowd = first.size >= (IN_FIRST_LINE_OF[name] ?? IN_FIRST_LINE);
  if (!crowd) first.add(path);
  if (!crowd && queue === undefined) return undefined;
  return taskQueueOf(workflowInfo().taskQueue, { ...(queue === undefined ? {} : { queue }), crowd });
}

/** The effect has ended: its place in line is free. */
export function leaveLine({ lines }: Driver, { path, effect: { queue } }: EffectCall): void {
  lines.get(queue ?? '')?.delete(path);
}

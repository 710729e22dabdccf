import { sleep } from '@temporalio/workflow';
import { follows } from '../../graph/sandbox.ts';
import type { Driver } from './base/driver.ts';

/** So few steps may be in flight when a run closes: each of them can come between once, and the run then closes again. */
const FEW = 16;

/** Whether a run, or a part of a long loop, has too many steps in flight to close at once. If not, it must not wait at all: earlier versions did not. */
export const mustLetGo = ({ run, effects }: Driver): boolean =>
  follows(run, 'stopsBeforeItCloses') && effects.size > FEW;

/**
 * Lets the server hear which steps are to stop, before the run closes. The server refuses a close if a step has ended
 * meanwhile, and with it all that was asked for together with it: the stops, too. Of hundreds of steps in flight, one
 * ends every few milliseconds, and a long run takes longer than that to close again. So the run would go on until all
 * of them had been done.
 */
export const letGo = (): Promise<void> => sleep(1, { summary: 'stop what still runs' });

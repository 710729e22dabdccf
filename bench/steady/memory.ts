import { median, memoryOf } from '../statistics.ts';

/** Memory in MB at one moment. `at`: 0 at the beginning, 1 at the end. */
export interface Sample {
  readonly at: number;
  readonly mb: number;
}

/** How the memory of a process went: the medians of an early and of a late part of the time, and the most, in MB. */
export interface Course {
  readonly early: number;
  readonly late: number;
  readonly most: number;
}

/** Of ten minutes, those from 2 to 4 and from 8 to 10. */
export const EARLY = [0.2, 0.4] as const;
export const LATE = [0.8, 1] as const;

/** Minutes of load after which API and worker hold what they go on holding, on a slow machine, too. */
const SETTLED_AFTER = 2;

/** Memory that grows by less is flat: a garbage collector leaves now more and now less. */
const FLAT = { mb: 20, part: 0.05 };

/** Whether memory grew by less than 20 MB or 5 %, whichever is more. */
export const isFlat = ({ early, late }: Course): boolean => late - early < Math.max(FLAT.mb, FLAT.part * early);

/** Whether a load of so many minutes tells anything about growth: the early part must begin after memory has settled. */
export const isLongEnough = (minutes: number): boolean => EARLY[0] * minutes >= SETTLED_AFTER;

/** Looks at the memory of a process for so long, or until it is stopped. */
export function watchMemory(pid: number, { everyMs, forMs }: { everyMs: number; forMs: number }): () => Course {
  const samples: Sample[] = [];
  const began = performance.now();
  const timer = setInterval(() => {
    samples.push({ at: (performance.now() - began) / forMs, mb: memoryOf(pid) });
  }, everyMs);
  return () => {
    clearInterval(timer);
    return courseOf(samples);
  };
}

/** How memory went. */
export function courseOf(samples: readonly Sample[]): Course {
  const within = ([from, to]: readonly [number, number]) =>
    median(samples.filter(({ at }) => at >= from && at <= to).map(({ mb }) => mb));
  return { early: within(EARLY), late: within(LATE), most: Math.max(...samples.map(({ mb }) => mb)) };
}

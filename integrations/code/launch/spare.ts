import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import type { Wall } from '../walls.ts';
import { endAll, startChild } from './child.ts';
import { SCRIPT_KIND } from './jobs.ts';

/** A spare that nobody needed for this long is ended, in milliseconds. */
const KEPT_FOR_MS = 300_000;

interface Spare {
  readonly wall: Wall;
  readonly child: ChildProcessWithoutNullStreams;
  readonly ends: NodeJS.Timeout;
}

/** One for scripts that give way, which was started as they are, and one for the others. */
const spares = new Map<boolean, Spare>();

/**
 * A child for one script: the spare, which is a child that was started ahead and waits for its input, or a new one. The
 * start of Node is most of what a short script takes. Each child still runs one script only.
 */
export function childForScript(wall: Wall, givesWay: boolean): ChildProcessWithoutNullStreams {
  const spare = spares.get(givesWay);
  if (spare?.wall !== wall) return startChild(wall, { ...SCRIPT_KIND, givesWay });
  clearTimeout(spare.ends);
  spares.delete(givesWay);
  return spare.child;
}

/** Starts a spare behind this wall, unless there is one. */
export function keepSpare(wall: Wall, givesWay: boolean): void {
  const kept = spares.get(givesWay);
  if (kept?.wall === wall) return;
  if (kept) endAll(kept.child);
  const child = startChild(wall, { ...SCRIPT_KIND, givesWay });
  const forget = (): void => {
    if (spares.get(givesWay)?.child !== child) return;
    clearTimeout(spares.get(givesWay)?.ends);
    spares.delete(givesWay);
  };
  // A spare that ends before somebody needs it is nobody's error: the next script starts a child of its own.
  child.on('error', forget);
  child.on('exit', forget);
  spares.set(givesWay, { wall, child, ends: setTimeout(endAll, KEPT_FOR_MS, child) });
}

/** Ends the spares. */
export function endSpares(): void {
  for (const { child } of spares.values()) endAll(child);
}

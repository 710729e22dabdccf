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

let spare: Spare | undefined;

/**
 * A child for one script: the spare, which is a child that was started ahead and waits for its input, or a new one. The
 * start of Node is most of what a short script takes. Each child still runs one script only. A script that gives way leaves
 * the spare to others.
 */
export function childForScript(wall: Wall, givesWay: boolean): ChildProcessWithoutNullStreams {
  if (givesWay || spare?.wall !== wall) return startChild(wall, { ...SCRIPT_KIND, givesWay });
  const { child, ends } = spare;
  clearTimeout(ends);
  spare = undefined;
  return child;
}

/** Starts a spare behind this wall, unless there is one. */
export function keepSpare(wall: Wall): void {
  if (spare?.wall === wall) return;
  endSpare();
  const child = startChild(wall, { ...SCRIPT_KIND, givesWay: false });
  const forget = (): void => {
    if (spare?.child !== child) return;
    clearTimeout(spare.ends);
    spare = undefined;
  };
  // A spare that ends before somebody needs it is nobody's error: the next script starts a child of its own.
  child.on('error', forget);
  child.on('exit', forget);
  spare = { wall, child, ends: setTimeout(endSpare, KEPT_FOR_MS) };
}

/** Ends the spare, if there is one. */
export function endSpare(): void {
  if (spare) endAll(spare.child);
}

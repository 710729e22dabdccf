/**
 * The run that a workflow thread works on, in a file, because the file also survives the sudden end of the process. The
 * thread itself writes: only the thread knows which of the requests sent to it is next.
 */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The writing end. Two writes of some bytes per workflow task, to the page cache. */
export interface Mark {
  /** What is being worked on now. */
  set(workflowIds: readonly string[]): void;
}

/** A run that was being worked on when its process ended. */
export interface LeftMark {
  readonly workflowId: string;
  /** Nothing else was. */
  readonly alone: boolean;
}

export function openMark(file: string): Mark {
  const open = openSync(file, 'w');
  return { set: (workflowIds) => void writeSync(open, `${workflowIds.join(BETWEEN)}\n`, 0) };
}

const BETWEEN = '\t';

/** The workflow ids in a mark. */
export function readMark(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n', 1)[0]!.split(BETWEEN).filter(Boolean);
  } catch {
    return [];
  }
}

/** Whose mark it is: a thread with many runs, a thread with one, or the process itself, which runs local activities. */
export type MarkOwner = 'shared' | 'alone' | 'local';

/** A file for a new mark. Its name says whose it is. */
export function newMarkFile(folder: string, owner: MarkOwner): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${prefix()}${process.pid}-${crypto.randomUUID()}.${owner}`);
  closeSync(openSync(file, 'w'));
  return file;
}

export const removeMark = (file: string): void => rmSync(file, { force: true });

/** Takes the marks of processes of this machine that ended without removing them: those that say a run was at work. */
export function takeLeftMarks(folder: string): LeftMark[] {
  mkdirSync(folder, { recursive: true });
  const left = readdirSync(folder).filter((name) => name.startsWith(prefix()) && hasEnded(pidIn(name)));
  return left.flatMap((name) => {
    const file = join(folder, name);
    const workflowIds = readMark(file);
    removeMark(file);
    // In a thread with many runs, another one may have filled the heap.
    const alone = name.endsWith('.alone') || (name.endsWith('.local') && workflowIds.length === 1);
    return workflowIds.map((workflowId) => ({ workflowId, alone }));
  });
}

/** Several machines may share a folder, and know nothing of each other's processes. */
const prefix = (): string => `${hostname()}~`;

const pidIn = (name: string): number => Number.parseInt(name.slice(prefix().length), 10);

/** In a container that was restarted, this process may have the number of the one before. It has made no mark yet. */
function hasEnded(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

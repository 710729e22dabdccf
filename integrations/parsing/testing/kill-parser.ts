import { readdirSync, readFileSync } from 'node:fs';
import { until } from '../../../embedded/process/wait.ts';

/** Stands in the code of each child that runs a parser (`child.cjs`). */
const MARK = 'The single-use child process that runs one parser';

/**
 * `kill -9` of the children in which parsers work for a process, as soon as there is one. Only where there is `/proc`.
 *
 * @returns whether one was killed
 */
export async function killParsers(parent: number, withinMs: number): Promise<boolean> {
  const killed = await until(() => parsersOf(parent).filter(kill).length > 0, { withinMs, everyMs: 2 });
  return killed === true;
}

function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** The processes below another one that run a parser. */
function parsersOf(ancestor: number): number[] {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => [Number(name), parentOf(name)] as const),
  );
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at)) if (at === ancestor) return true;
    return false;
  };
  return [...parents.keys()].filter((pid) => isBelow(pid) && read(`/proc/${pid}/cmdline`).includes(MARK));
}

/** The name of a program may hold blanks and brackets, so what follows it is read from behind it. */
const parentOf = (pid: string): number =>
  Number(read(`/proc/${pid}/stat`).replace(/^.*\)/s, '').trim().split(' ')[1] ?? 0);

/** A process may have ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

/**
 * The identity of a process. A pid alone says little, because pids are reused, above all in containers. A pid together
 * with the start time of the process is enough to stop an orphan and never a stranger.
 */
import { type ExecFileSyncOptionsWithStringEncoding, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process as the operating system describes it. */
export interface ProcessFacts {
  readonly pid: number;
  readonly ppid: number;
  /** Opaque; equal for the same process only. */
  readonly began: string;
  readonly command: string;
}

/** What is stored to recognise a process later. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly began: string;
}

/** Facts about a process, or undefined if there is no such process (or the platform does not tell). */
export function processFacts(pid: number): ProcessFacts | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? factsFromProc(pid) : factsFromPs(pid);
}

/** Identity of a running process, or undefined. */
export function identify(pid: number): ProcessIdentity | undefined {
  const facts = processFacts(pid);
  return facts && { pid, began: facts.began };
}

/** True if the stored process is still running. */
export function isSame(identity: ProcessIdentity): boolean {
  return processFacts(identity.pid)?.began === identity.began;
}

function factsFromProc(pid: number): ProcessFacts | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in parentheses and may hold spaces: count from the last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    if (state === 'Z' || state === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid, ppid: Number(fields[1]), began: `${boot}/${fields[19]}`, command };
  } catch {
    return undefined;
  }
}

function factsFromPs(pid: number): ProcessFacts | undefined {
  try {
    const options: ExecFileSyncOptionsWithStringEncoding = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const line = execFileSync('ps', ['-o', 'ppid=,lstart=,command=', '-p', String(pid)], options).trim();
    const match = /^(\d+)\s+(\S+\s+\S+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line);
    return match ? { pid, ppid: Number(match[1]), began: match[2]!, command: match[3]! } : undefined;
  } catch {
    return undefined;
  }
}

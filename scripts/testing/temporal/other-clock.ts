/**
 * A Temporal server whose wall clock is not the machine's: for schedules that meet a jump of the clock, or a night in
 * which clocks are changed. `faketime` cannot do this: it stands before the C library, and a program in Go asks the
 * kernel. A time namespace of Linux moves the time since boot, but not the wall clock. So the server is a copy of the CLI
 * in which one byte says that the wall clock is the time since boot, and runs in such a namespace.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../embedded/process/find-program.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/**
 * Where Go's `time.now` asks for the wall clock: `MOVL $0, DI` (CLOCK_REALTIME), `LEAQ 16(SP), SI`, `MOVQ …, AX`
 * (`runtime/time_linux_amd64.s`).
 */
const ASKS = Buffer.from('bf00000000488d742410488b05', 'hex');
const CLOCK_BOOTTIME = 7;

/** A program like the CLI, whose clock is set before each start. */
export interface OtherClock {
  readonly cli: string;
  /** What the clock shows from the next start on, as if it were now. */
  readonly set: (now: number) => void;
  readonly remove: () => void;
}

/** Why there can be no such server here, or undefined. @param cli path of the Temporal CLI */
export function whyNoOtherClock(cli: string): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return 'only Linux on x64 can give a server another clock';
  const unshare = findProgram('unshare');
  if (!unshare) return 'no unshare on PATH';
  const { status } = spawnSync(unshare, [...namespaceArgs(1), 'true'], { stdio: 'ignore' });
  if (status !== 0) return 'time namespaces are not allowed here';
  return placeIn(cli) === undefined ? 'this Temporal CLI does not ask for the time as expected' : undefined;
}

/** Makes the copy. It shows the machine's time until it is set. */
export function otherClock(cli: string): OtherClock {
  const folder = temporaryFolder('clock');
  const copy = join(folder.path, 'temporal-server');
  copyFileSync(cli, copy);
  const file = openSync(copy, 'r+');
  writeSync(file, Buffer.of(CLOCK_BOOTTIME), 0, 1, placeIn(cli)! + 1);
  closeSync(file);
  const wrapper = join(folder.path, 'temporal');
  const set = (now: number): void => {
    const command = ['exec', 'unshare', ...namespaceArgs(Math.round(now / 1_000 - uptime())), copy, '"$@"'];
    writeFileSync(wrapper, `#!/bin/sh\n${command.join(' ')}\n`, { mode: 0o755 });
  };
  set(Date.now());
  return { cli: wrapper, set, remove: folder.remove };
}

/** A user who is not root makes the namespace inside one of users. */
const namespaceArgs = (offset: number): string[] => [
  ...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']),
  ...['--time', '--boottime', String(offset), '--'],
];

function placeIn(cli: string): number | undefined {
  const program = readFileSync(cli);
  const place = program.indexOf(ASKS);
  return place >= 0 && program.indexOf(ASKS, place + 1) < 0 ? place : undefined;
}

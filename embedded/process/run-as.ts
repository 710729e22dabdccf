/** Programs that run as another user, and that end with the process that started them. */
import { existsSync, readFileSync } from 'node:fs';
import { findProgram } from './find-program.ts';

/** A user to become, and whether to let it pass through folders it may not enter. Only root can do this. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly overrideAccess: boolean;
}

/** The arguments for `spawn`. */
export interface Command {
  readonly file: string;
  readonly args: string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/**
 * The command that runs a program as a user. On Linux, util-linux's `setpriv` does what Node cannot: end a child when
 * its parent dies, however the parent dies, and give a program that refuses to run as root the right to read folders that
 * only root may enter. `setpriv` replaces itself with the program, so the child's pid is the pid of the program.
 * @param deathSignal the signal that the child gets when its parent has ended, if the system can do that
 */
export function commandAs(
  runAs: RunAs | undefined,
  file: string,
  args: readonly string[],
  deathSignal?: NodeJS.Signals,
): Command {
  const setpriv = runAs?.overrideAccess || deathSignal ? findSetpriv() : undefined;
  const ids = runAs ? { uid: runAs.uid, gid: runAs.gid } : {};
  if (!setpriv) return { file, args: [...args], ids };
  const options = [
    ...(deathSignal ? ['--pdeathsig', deathSignal.replace(/^SIG/, '')] : []),
    ...(runAs ? ['--reuid', String(runAs.uid), '--regid', String(runAs.gid), '--clear-groups'] : []),
    ...(runAs?.overrideAccess ? OVERRIDE_ACCESS : []),
  ];
  return { file: setpriv, args: [...options, '--', file, ...args], ids: {} };
}

/** Without `no_setuid_fixup`, the right would hold for opening files, but not for checking access with access(2). */
const OVERRIDE_ACCESS = [
  ...['--securebits', '+no_setuid_fixup'],
  ...['--inh-caps', '+dac_override'],
  ...['--ambient-caps', '+dac_override'],
];

/** Path of util-linux's `setpriv`, or undefined (another platform, or BusyBox's, which lacks what we need). */
export function findSetpriv(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const path =
    findProgram('setpriv') ?? ['/usr/bin/setpriv', '/bin/setpriv'].find((candidate) => existsSync(candidate));
  return path && !readFileSync(path).includes('BusyBox') ? path : undefined;
}

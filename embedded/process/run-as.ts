/** Programs that run as another user, and that end with the process that started them. */
import { existsSync, readFileSync } from 'node:fs';
import { findProgram } from './find-program.ts';

/** A user to become, and whether it must be allowed to pass folders it has no right to enter. Only root can. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly overrideAccess: boolean;
}

/** What to give to `spawn`. */
export interface Command {
  readonly file: string;
  readonly args: string[];
  readonly ids: { readonly uid?: number; readonly gid?: number };
}

/**
 * The command that runs a program as a user. On Linux util-linux's `setpriv` does what Node cannot: end a child when its
 * parent dies, however the parent dies, and give a program that refuses to run as root the right to read folders that
 * only root may enter. It becomes the program: the pid stays the child's own.
 * @param deathSignal what the child gets when its parent is gone, where the system can do that
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

/** Without `no_setuid_fixup` the right would hold for opening files, but not for asking (access(2)) whether one may. */
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

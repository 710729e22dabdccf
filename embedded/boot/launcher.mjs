// Plain JavaScript without dependencies: it runs on any Node from 20 on, before anything is installed.
import { readFileSync } from 'node:fs';

const EVERY_MS = 500;

/**
 * Calls back once the npm that started this process is gone. npm does not pass a signal on to what its scripts started:
 * it only ends the shell in between, and a `kill -9` of npm ends not even that.
 * @param {() => void} gone
 */
export function onLauncherGone(gone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  // Some shells replace themselves by the command they run; then npm is the parent itself.
  const shell = commandOf(parent)?.includes(process.env.npm_lifecycle_script ?? '\0');
  const grandparent = shell ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (!grandparent || parentOf(parent) === grandparent)) return;
    clearInterval(timer);
    gone();
  }, EVERY_MS);
  timer.unref();
}

function parentOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The second field is the name in brackets and may hold spaces: count from the last bracket.
  return stat && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function commandOf(pid) {
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ');
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

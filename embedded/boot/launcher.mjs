// Plain JavaScript without dependencies, because this file runs on any Node from 20 on, before anything is installed.
import { readFileSync } from 'node:fs';

const EVERY_MS = 500;

/**
 * Calls back once the npm that started this process has ended. npm does not pass signals on to the programs its scripts
 * started: it only ends the shell in between, and a `kill -9` of npm does not even end the shell.
 * @param {() => void} gone
 */
export function onLauncherGone(gone) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  // Some shells replace themselves with the command they run; then npm itself is the parent.
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
  // The second field is the name in parentheses and may hold spaces: count from the last parenthesis.
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

// Plain JavaScript without dependencies, because this file runs on any Node from 20 on, before anything is installed.

/** With which options Node runs Blok: known to every Node that does (24 or newer). */
export const NODE_FLAGS = [
  // Node 24.0 to 24.11 warn that they run TypeScript; users can do nothing about it.
  '--disable-warning=ExperimentalWarning',
  // This signal would open a debugger for whoever may send it: a script that escaped its walls could take over the worker.
  '--disable-sigusr1',
];

/** Does the same for a process that was started without these options. */
export function openNoDebugger() {
  process.on('SIGUSR1', () => {});
}

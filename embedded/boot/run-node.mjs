// Plain JavaScript without dependencies, because this file runs on any Node from 20 on, before anything is installed.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { onLauncherGone } from './launcher.mjs';
import { NODE_FLAGS, openNoDebugger } from './node-flags.mjs';

/**
 * Runs a TypeScript file with this Node in place of the current process: same terminal, signals passed on, and the same
 * exit code or signal.
 * @param {string} node
 * @param {string[]} args the file and its arguments
 * @param {NodeJS.ProcessEnv} [env] its environment; default: that of this process
 */
export function runNode(node, args, env = process.env) {
  openNoDebugger();
  const child = spawn(node, [...NODE_FLAGS, ...args], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  onLauncherGone(() => child.kill('SIGTERM'));
  child.once('error', (error) => {
    console.error(`${node} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));
}

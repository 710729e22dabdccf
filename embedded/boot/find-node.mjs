// Plain JavaScript without dependencies, because this file runs on any Node from 20 on, before anything is installed.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Blok runs TypeScript directly, which Node can do from this version on. */
const WANTED = 24;

/**
 * The Node to run Blok with: the current one if it is new enough, else the one that npm installed for this platform.
 * @param {string} root folder of the project
 * @returns {string | undefined}
 */
export function findNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= WANTED) return process.execPath;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const os = process.platform === 'win32' ? 'win' : process.platform;
  return [`node-${os}-${process.arch}`, `node-bin-${os}-${process.arch}`]
    .map((name) => join(root, 'node_modules', name, 'bin', file))
    .find((path) => existsSync(path));
}

/** What to tell a user if there is no suitable Node. */
export const NO_NODE =
  `Blok needs Node ${WANTED} or newer; this is ${process.version}, and npm brought none for ` +
  `${process.platform}-${process.arch}. Install one from https://nodejs.org and try again.`;

// Plain JavaScript without dependencies, because this file runs on any Node from 20 on, before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Written after our own installation: the hash of the lock file that it followed. */
const STAMP = join('node_modules', '.blok-installed');

/**
 * True if node_modules holds what package-lock.json asks for, whoever installed it.
 * @param {string} root folder of the project
 */
export function isInstalled(root) {
  return read(join(root, STAMP)) === lockHash(root) || matchesLock(root);
}

/** Compares with what npm noted when it finished; an installation that was interrupted left no note. */
function matchesLock(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    // The project and its workspaces have no version to compare.
    if (!path.startsWith('node_modules/') || entry.link || entry.extraneous) return true;
    // Optional packages may not exist for this platform.
    if (!installed[path]) return Boolean(entry.optional || entry.devOptional || entry.peer);
    return installed[path].version === entry.version;
  });
}

/**
 * Installs exactly what package-lock.json says, and shows progress.
 * @param {string} root folder of the project
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function install(root) {
  console.error('Installing dependencies (npm ci) ...');
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const timer = setInterval(() => console.error(`Installing dependencies (npm ci): ${seconds()} s`), 10_000);
  try {
    // All packages: a machine set to leave out development or optional packages would have neither tests nor Postgres.
    const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await run(npm(), args, root);
    if (code !== 0) {
      // If the lock file is wrong, npm adds pages about its usage.
      const reason = output
        .split(/\n.*Clean install a project/)[0]
        .trim()
        .slice(-3_000);
      return `npm ci failed:\n${reason}\nIs the network, or the registry npm is set to, within reach? Fix it and try again.`;
    }
    writeFileSync(join(root, STAMP), lockHash(root));
    console.error(`Dependencies installed (${seconds()} s)`);
    return undefined;
  } catch (error) {
    return `npm cannot be started: ${error.message}`;
  } finally {
    clearInterval(timer);
  }
}

/** The npm that started this process, else the one on PATH. */
function npm() {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('npm-cli.js')) return [process.execPath, cli];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function run([file, ...first], args, cwd) {
  return new Promise((resolve, reject) => {
    const shell = file.endsWith('.cmd');
    const child = spawn(file, [...first, ...args], { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (signal) => child.kill(signal);
    process.once('SIGINT', stop).once('SIGTERM', stop);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (signal === 'SIGINT' || signal === 'SIGTERM') process.exit(130);
      resolve({ code, output });
    });
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(read(file)).packages;
  } catch {
    return undefined;
  }
}

function lockHash(root) {
  return createHash('sha256')
    .update(read(join(root, 'package-lock.json')) ?? '')
    .digest('hex');
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

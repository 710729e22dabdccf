// Links node_modules/.bin/blok to cli/blok.mjs, so that `npx blok` in the project runs the project's own CLI: npm does
// this for dependencies, not for the project itself. Plain JavaScript without dependencies.
import { chmodSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const TARGET = '../../cli/blok.mjs';

/**
 * Never fails: a file system without links must not break an installation.
 * @param {string} root folder of the project
 */
export function linkCli(root) {
  const bin = join(root, 'node_modules', '.bin');
  try {
    mkdirSync(bin, { recursive: true });
    if (process.platform === 'win32') {
      writeFileSync(join(bin, 'blok.cmd'), `@node "%~dp0\\..\\..\\cli\\blok.mjs" %*\r\n`);
      return;
    }
    const link = join(bin, 'blok');
    if (readLink(link) !== TARGET) {
      rmSync(link, { force: true });
      symlinkSync(TARGET, link);
    }
    chmodSync(join(root, 'cli', 'blok.mjs'), 0o755);
  } catch (error) {
    console.error(`npx blok will not work here (${error.message}); use: node cli/blok.mjs`);
  }
}

function readLink(path) {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) linkCli(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

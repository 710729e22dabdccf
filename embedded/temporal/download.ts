/** The Temporal CLI as its makers publish it: a release archive on GitHub with a file of checksums. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Progress } from './progress.ts';

/** How long the server may take to answer at all: without a network we want to know soon. */
const ANSWER_WITHIN_MS = 10_000;

const OS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
const ARCH: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Downloads the CLI, verifies its checksum and puts the executable at `output`.
 * @throws Error if there is no release for this platform, no network, or the checksum differs
 */
export async function downloadCli(
  version: string,
  output: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const os = OS[process.platform];
  const arch = ARCH[process.arch];
  if (!os || !arch) throw new Error(`there is no release for ${process.platform}-${process.arch}`);
  const release = `https://github.com/temporalio/cli/releases/download/v${version}`;
  const name = `temporal_cli_${version}_${os}_${arch}.${os === 'windows' ? 'zip' : 'tar.gz'}`;
  const checksums = (await fetchBytes(`${release}/checksums.txt`, { signal })).toString('utf8');
  const expected = new RegExp(`^([0-9a-f]{64})\\s+\\*?${name.replaceAll('.', '\\.')}$`, 'm').exec(checksums)?.[1];
  if (!expected) throw new Error(`the release names no checksum for ${name}`);
  const archive = await fetchBytes(`${release}/${name}`, {
    signal,
    seen: (bytes) => progress.update(`${Math.round(bytes / 1e6)} MB`),
  });
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) throw new Error(`the checksum of ${name} is ${actual}, the release says ${expected}`);
  await extract(archive, name, os === 'windows' ? 'temporal.exe' : 'temporal', output);
}

async function fetchBytes(
  url: string,
  { signal, seen }: { signal?: AbortSignal; seen?: (bytes: number) => void },
): Promise<Buffer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer in ${ANSWER_WITHIN_MS / 1000} s`)), ANSWER_WITHIN_MS);
  try {
    const response = await fetch(url, { signal: AbortSignal.any(signal ? [abort.signal, signal] : [abort.signal]) });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      timer.refresh();
      chunks.push(chunk);
      bytes += chunk.length;
      seen?.(bytes);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const cause = (error as Error).cause;
    throw new Error(`${new URL(url).host}: ${cause instanceof Error ? cause.message : (error as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}

async function extract(archive: Buffer, name: string, member: string, output: string) {
  const folder = mkdtempSync(join(tmpdir(), 'blok-temporal-'));
  try {
    writeFileSync(join(folder, name), archive);
    // Windows has had a tar that reads zip files since 2018.
    await promisify(execFile)('tar', ['-xf', name, member], { cwd: folder });
    copyFileSync(join(folder, member), output);
    chmodSync(output, 0o755);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

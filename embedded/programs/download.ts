/** Downloads a program that its makers publish in an archive. */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PinnedFile, verifyChecksum } from './checksum.ts';
import type { Progress } from './progress.ts';

/** How long the server may be silent. Short, because without a network users should know soon. */
const SILENT_AT_MOST_MS = 5_000;

/** An archive, and the program in it. */
export interface ArchiveDownload {
  /** Address of the folder that holds the archive. */
  readonly from: string;
  readonly archive: PinnedFile;
  /** Name of the program inside the archive. */
  readonly member: string;
  /** Where the program goes. */
  readonly output: string;
}

/**
 * Downloads an archive, verifies its checksum and puts the program in it at `output`.
 * @throws Error if there is no network, or the checksum differs
 */
export async function downloadProgram(
  { from, archive, member, output }: ArchiveDownload,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  await takeProgram(await fetchBytes(`${from}/${archive.name}`, progress, signal), { archive, member, output });
}

/**
 * Verifies the checksum of an archive that was downloaded, and puts a program in it at `output`.
 * @throws Error if the checksum differs
 */
export async function takeProgram(
  bytes: Uint8Array,
  { archive, member, output }: Omit<ArchiveDownload, 'from'>,
): Promise<void> {
  verifyChecksum(bytes, archive);
  const folder = mkdtempSync(join(tmpdir(), 'blok-download-'));
  try {
    writeFileSync(join(folder, archive.name), bytes);
    await promisify(execFile)('tar', ['-xzf', archive.name, member], { cwd: folder });
    copyFileSync(join(folder, member), output);
    chmodSync(output, 0o755);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fetchBytes(url: string, progress: Progress, signal?: AbortSignal): Promise<Buffer> {
  const silence = new AbortController();
  const seconds = SILENT_AT_MOST_MS / 1000;
  const timer = setTimeout(() => silence.abort(new Error(`silent for ${seconds} s`)), SILENT_AT_MOST_MS);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any(signal ? [silence.signal, signal] : [silence.signal]),
    });
    if (!response.ok || !response.body) throw new Error(`${url} answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      timer.refresh();
      chunks.push(chunk);
      bytes += chunk.length;
      progress.update(`${Math.round(bytes / 1e6)} MB`);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    const cause = (error as Error).cause;
    throw new Error(`${new URL(url).host}: ${cause instanceof Error ? cause.message : (error as Error).message}`);
  } finally {
    clearTimeout(timer);
  }
}

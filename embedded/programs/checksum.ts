/** Checks that a downloaded file is the expected one, not another file with its name. */
import { createHash } from 'node:crypto';

/** A file as its makers publish it. */
export interface PinnedFile {
  readonly name: string;
  readonly sha256: string;
}

/**
 * Compares bytes with the checksum they must have.
 * @throws Error if they differ: the bytes must not be used then
 */
export function verifyChecksum(bytes: Uint8Array, { name, sha256 }: PinnedFile): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) throw new Error(`${name} is not used: its SHA-256 is ${actual} and must be ${sha256}`);
}

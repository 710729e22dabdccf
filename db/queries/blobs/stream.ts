import { createHash, randomUUID } from 'node:crypto';
import type { Within } from '../../database.ts';
import { DataError } from '../../error.ts';
import { blobSize, finishUpload, getBlobPart, putBlob } from './blobs.ts';
import { dropUpload, PART_BYTES, putPart } from './parts.ts';

/** Largest blob. */
const LARGEST_BLOB = 5 * 1024 * 1024 * 1024;

/**
 * Stores bytes as they arrive, with little memory. If they end in an error, nothing of them is kept; if the process ends, what
 * was stored is swept later.
 *
 * @throws DataError `blob.tooLarge`; what the source throws
 */
export async function storeStream(
  within: Within,
  source: AsyncIterable<Uint8Array>,
  { runId }: { runId?: string } = {},
): Promise<{ sha256: string; size: number }> {
  const uploadId = randomUUID();
  const hash = createHash('sha256');
  const owner = runId === undefined ? {} : { runId };
  let size = 0;
  let seq = 0;
  let held: Uint8Array = new Uint8Array();
  try {
    for await (const part of inParts(source)) {
      size += part.byteLength;
      if (size > LARGEST_BLOB) throw tooLarge();
      hash.update(part);
      if (held.byteLength > 0) await store(held);
      held = part;
    }
    // What fits into one part is stored like any other bytes.
    if (seq === 0) return await within((tx) => putBlob(tx, { bytes: held, ...owner }));
    await store(held);
    const sha256 = hash.digest('hex');
    await within((tx) => finishUpload(tx, { uploadId, sha256, size, ...owner }));
    return { sha256, size };
  } catch (error) {
    if (seq > 0) await within((tx) => dropUpload(tx, { uploadId })).catch(() => undefined);
    throw error;
  }

  async function store(bytes: Uint8Array): Promise<void> {
    const at = seq++;
    await within((tx) => putPart(tx, { uploadId, seq: at, bytes }));
  }
}

/**
 * The bytes of a blob as they are needed, from a position on. `size`: of the whole blob.
 *
 * @returns null if this workspace has no blob with that hash
 */
export async function openBlob(
  within: Within,
  { sha256, from = 0, length }: { sha256: string; from?: number; length?: number },
): Promise<{ size: number; bytes: AsyncGenerator<Uint8Array> } | null> {
  const size = await within((tx) => blobSize(tx, { sha256 }));
  if (size === null) return null;
  const end = Math.min(size, length === undefined ? size : from + length);
  return { size, bytes: read(within, sha256, from, end) };
}

async function* read(within: Within, sha256: string, from: number, end: number): AsyncGenerator<Uint8Array> {
  for (let at = from; at < end; ) {
    const length = Math.min(PART_BYTES - (at % PART_BYTES), end - at);
    const start = at;
    const part = await within((tx) => getBlobPart(tx, { sha256, from: start, length }));
    if (part === null || part.byteLength === 0) throw new DataError('blob.gone', 'The data are no longer there.');
    at += part.byteLength;
    yield part;
  }
}

/** The same bytes in parts of the same size. Only the last one is shorter. */
async function* inParts(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let part = Buffer.allocUnsafe(PART_BYTES);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.byteLength; ) {
      const taken = Math.min(PART_BYTES - filled, chunk.byteLength - at);
      part.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
      if (filled < PART_BYTES) continue;
      yield part;
      part = Buffer.allocUnsafe(PART_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

const tooLarge = (): DataError =>
  new DataError(
    'blob.tooLarge',
    `The data are larger than ${LARGEST_BLOB / 1_073_741_824} GB, which is the most that is stored.`,
  );

/** A process that uploads with `http.upload`, and may be killed: its parent reads how it ended from what it sends. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { Json } from '../../../graph/json.ts';
import type { BlobStore, Cell } from '../../context.ts';
import { upload } from '../../http/upload.ts';
import { fakeContext, runNode } from '../../testing/run-node.ts';

const { url, cellFile, blobFile, sha256, pieceBytes } = JSON.parse(process.argv[2]!) as Record<string, string> & {
  pieceBytes: number;
};

/** On disk, as the cell of a step is. */
const cell: Cell<Json> = {
  read: async () => {
    try {
      return JSON.parse(readFileSync(cellFile!, 'utf8')) as Json;
    } catch {
      return null;
    }
  },
  write: async (value) => {
    writeFileSync(`${cellFile}.new`, JSON.stringify(value));
    renameSync(`${cellFile}.new`, cellFile!);
  },
};
const bytes = readFileSync(blobFile!);
const blobs = {
  ...fakeContext().blobs,
  open: async (_: string, from = 0) => ({ size: bytes.length, bytes: Readable.from([bytes.subarray(from)]) }),
} satisfies BlobStore;

const ctx = fakeContext({ blobs, cell: <T extends Json>() => cell as unknown as Cell<T> });
const result = await runNode(upload, ctx, { url: url!, blob: { sha256: sha256! }, pieceBytes });
process.send!(result, () => process.exit(0));

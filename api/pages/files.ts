import { createHash } from 'node:crypto';
import { putBlob } from '../../db/index.ts';
import type { Json } from '../../graph/json.ts';
import type { Context } from '../context.ts';

/** Files of a form, as values of its fields, and their bytes. */
export interface FormFiles {
  /** References by name of the field. */
  readonly values: ReadonlyMap<string, readonly Json[]>;
  /** Keeps the bytes for a run. */
  store(ctx: Context, runId: string): Promise<void>;
}

/** Makes references of files. They are stored only when the form is taken. */
export async function filesOf(files: ReadonlyMap<string, readonly File[]>): Promise<FormFiles> {
  const values = new Map<string, Json[]>();
  const all: Uint8Array[] = [];
  for (const [field, given] of files) {
    const references: Json[] = [];
    for (const file of given) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      all.push(bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      references.push({
        sha256,
        size: bytes.byteLength,
        name: nameOf(file),
        contentType: file.type || 'application/octet-stream',
      });
    }
    values.set(field, references);
  }
  return {
    values,
    store: async (ctx, runId) => {
      for (const bytes of all) await ctx.tenant((tx) => putBlob(tx, { bytes, runId }));
    },
  };
}

/** The name of a file without folders and control characters: it names the file, and never a place. */
const nameOf = ({ name }: File): string =>
  (name.split(/[/\\]/).at(-1) ?? '')
    .replace(/\p{Cc}/gu, '')
    .slice(0, 255)
    .toWellFormed();

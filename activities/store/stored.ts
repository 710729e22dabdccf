import { type Database, getBlob, linkRunBlob, putBlob, withWorkspace } from '../../db/index.ts';
import { Reference, readPointer } from '../../graph/expression/index.ts';
import { type Room, takeFrom } from '../../graph/json-extent.ts';
import { MOST_AT_ONCE, PREVIEW_OF_STORED, UNITS_AT_ONCE } from '../../graph/limits.ts';
import { type Enveloped, type SealedRef, seal, unseal } from '../../graph/run-state/index.ts';
import { NodeError } from '../../integrations/error.ts';
import type { Kept } from '../../workflows/activities.ts';
import type { BlobRef } from '../../workflows/contract.ts';
import type { ActivityDeps } from '../base/deps.ts';

/** Stores JSON as a blob that belongs to the run. */
export const storeJson = (
  deps: { database: Database },
  workspace: string,
  runId: string,
  value: unknown,
): Promise<BlobRef> => storeText(deps, workspace, runId, JSON.stringify(value ?? null));

/** Stores the text of JSON as a blob that belongs to the run. */
export async function storeText(
  { database }: { database: Database },
  workspace: string,
  runId: string,
  text: string,
): Promise<BlobRef> {
  const bytes = new TextEncoder().encode(text);
  return withWorkspace(database, workspace, async (tx) => {
    const { sha256, size } = await putBlob(tx, { bytes, runId });
    await linkRunBlob(tx, { runId, sha256 });
    return { sha256, size, preview: text.slice(0, PREVIEW_OF_STORED) };
  });
}

/** Loads JSON that was stored before. */
export async function loadJson(deps: { database: Database }, workspace: string, sha256: string): Promise<unknown> {
  return JSON.parse(await loadText(deps, workspace, sha256));
}

/** Loads the text of JSON that was stored before. @throws NodeError `blob.gone` */
export async function loadText(
  { database }: { database: Database },
  workspace: string,
  sha256: string,
): Promise<string> {
  const bytes = await withWorkspace(database, workspace, (tx) => getBlob(tx, { sha256 }));
  if (!bytes)
    throw new NodeError('blob.gone', 'Data that this run stored is no longer there: its retention has passed.');
  return new TextDecoder().decode(bytes);
}

/** Room for what one step may read at once. */
export const newRoom = (): Room => ({ units: UNITS_AT_ONCE });

/** Loads JSON that was stored before, if there is room for it. @throws NodeError `data.tooLarge`, `blob.gone` */
export async function loadInto(
  room: Room,
  deps: { database: Database },
  workspace: string,
  sha256: string,
): Promise<unknown> {
  const text = await loadText(deps, workspace, sha256);
  if (takeFrom(room, text)) return JSON.parse(text);
  throw new NodeError(
    'data.tooLarge',
    `This needs more stored data at once than ${MOST_AT_ONCE}. Read less at a time.`,
  );
}

/** The kept value itself, loaded if it was too large for history. @throws as `loadInto` */
export async function kept<T>(
  deps: { database: Database },
  workspace: string,
  from: Kept<T>,
  room = newRoom(),
): Promise<T> {
  return 'blob' in from ? ((await loadInto(room, deps, workspace, from.blob.sha256)) as T) : from.value;
}

/** Implements `blokStore`. */
export async function storeValue(
  deps: ActivityDeps,
  input: { workspace: string; runId: string; value: unknown; enveloped?: boolean },
): Promise<BlobRef> {
  const value = input.enveloped ? await whole(deps, input.workspace, unseal(input.value as Enveloped)) : input.value;
  return storeJson(deps, input.workspace, input.runId, value);
}

/** Most stored data that is put together, in bytes. */
const LARGEST_WHOLE = 128 * 1024 * 1024;

/**
 * A value with its references replaced by their data. Each blob is loaded once.
 *
 * @throws NodeError `data.tooLarge`
 */
export async function whole(deps: { database: Database }, workspace: string, value: unknown): Promise<unknown> {
  const sealed = seal(value);
  if (!sealed.refs) return value;
  requireFitting(sealed.refs);
  const room = newRoom();
  const blobs = new Map<string, unknown>();
  for (const { ref } of sealed.refs) {
    if (!blobs.has(ref.sha256)) blobs.set(ref.sha256, await loadInto(room, deps, workspace, ref.sha256));
  }
  return replace(value, (reference) => readPointer(blobs.get(reference.sha256), reference.pointer) ?? null);
}

function requireFitting(refs: readonly SealedRef[]): void {
  const sizes = new Map(refs.map(({ ref }) => [ref.sha256, ref.size]));
  const size = [...sizes.values()].reduce((sum, each) => sum + each, 0);
  if (size <= LARGEST_WHOLE) return;
  const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024);
  throw new NodeError(
    'data.tooLarge',
    `This needs ${megabytes(size)} MB of stored data at once; at most ${megabytes(LARGEST_WHOLE)} MB are loaded. Read less of each value, or work on the values one by one.`,
  );
}

function replace(value: unknown, load: (reference: Reference) => unknown): unknown {
  if (value instanceof Reference) return load(value);
  if (Array.isArray(value)) return value.map((entry) => replace(entry, load));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replace(entry, load)]));
}

import { exceeds, REQUEST_IN_HISTORY } from '../../../graph/sandbox.ts';
import type { Kept } from '../../activities.ts';
import type { BlobRef } from '../../contract.ts';
import type { Driver } from './driver.ts';
import { callStore, internalActivities } from './internal-activities.ts';

/** Stores a value if it is too large for history. */
export async function keep<T>(driver: Pick<Driver, 'input'>, value: T): Promise<Kept<T>> {
  return exceeds(value, REQUEST_IN_HISTORY) ? { blob: await store(driver, value) } : { value };
}

/** Stores a value, however large. */
export async function store({ input }: Pick<Driver, 'input'>, value: unknown): Promise<BlobRef> {
  const { workspace, runId } = input;
  return callStore('blokStore', { workspace, runId, value });
}

/** The value that `keep` was given. */
export async function kept<T>(workspace: string, from: Kept<T>): Promise<T> {
  return 'blob' in from ? ((await load(workspace, from.blob)) as T) : from.value;
}

/** Loads stored JSON, in parts if it is too large for one payload. */
export async function load(workspace: string, ref: BlobRef): Promise<unknown> {
  if (ref.size <= REQUEST_IN_HISTORY) return callStore('blokLoad', { workspace, ref });
  let text = '';
  for (let from: number | null = 0; from !== null; ) {
    const part: { text: string; next: number | null } = await internalActivities.blokLoadPart({ workspace, ref, from });
    text += part.text;
    from = part.next;
  }
  return JSON.parse(text);
}

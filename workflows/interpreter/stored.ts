import type { Kept } from '../activities.ts';
import type { BlobRef } from '../contract.ts';
import type { Driver } from './driver.ts';
import { internal, sure } from './internal.ts';
import { BY_VALUE, exceeds } from './payload.ts';

/** Stores a value if it is too large for history. */
export async function keep<T>(driver: Pick<Driver, 'input'>, value: T): Promise<Kept<T>> {
  if (!exceeds(value, BY_VALUE)) return { value };
  const { workspace, runId } = driver.input;
  return { blob: await sure('blokStore', { workspace, runId, value }) };
}

/** The value that was kept. */
export async function kept<T>(workspace: string, from: Kept<T>): Promise<T> {
  return 'blob' in from ? ((await load(workspace, from.blob)) as T) : from.value;
}

/** Loads stored JSON, in parts if it is too large for one payload. */
export async function load(workspace: string, ref: BlobRef): Promise<unknown> {
  if (ref.size <= BY_VALUE) return sure('blokLoad', { workspace, ref });
  let text = '';
  for (let from: number | null = 0; from !== null; ) {
    const part: { text: string; next: number | null } = await internal.blokLoadPart({ workspace, ref, from });
    text += part.text;
    from = part.next;
  }
  return JSON.parse(text);
}

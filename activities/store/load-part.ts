import type { Database } from '../../db/index.ts';
import type { BlobRef } from '../../workflows/contract.ts';
import { loadText } from './stored.ts';

/** Most text of one part, in bytes of JSON: a payload in history stays below 512 KiB. */
const PART_BYTES = 400_000;

/** Implements `blokLoadPart`. */
export async function loadPart(
  deps: { database: Database },
  { workspace, ref, from }: { workspace: string; ref: BlobRef; from: number },
): Promise<{ text: string; next: number | null }> {
  const whole = await textOf(deps, workspace, ref.sha256);
  let length = Math.min(PART_BYTES, whole.length - from);
  // A text grows as JSON: by its quotes, and by characters that are not ASCII.
  while (length > 1 && Buffer.byteLength(JSON.stringify(whole.slice(from, from + length))) > PART_BYTES)
    length = Math.ceil(length / 2);
  const end = from + length;
  return { text: whole.slice(from, end), next: end < whole.length ? end : null };
}

/** The text being loaded in parts, so that not every part loads the whole text again. */
const texts = new Map<string, string>();
const KEPT_TEXTS = 2;

async function textOf(deps: { database: Database }, workspace: string, sha256: string): Promise<string> {
  const key = `${workspace}/${sha256}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const text = await loadText(deps, workspace, sha256);
  texts.set(key, text);
  if (texts.size > KEPT_TEXTS) texts.delete(texts.keys().next().value!);
  return text;
}

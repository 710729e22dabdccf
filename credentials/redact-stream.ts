/** Stands where a secret stood. */
export const HIDDEN = '[secret]';

/**
 * Bytes as they pass, with secrets replaced as in `redact.ts`. As many bytes are held back as a secret may have, so that none
 * passes in two halves.
 *
 * @param forms how secrets may be shown, the longest first
 */
export async function* withoutSecrets(
  source: AsyncIterable<Uint8Array>,
  forms: readonly string[],
): AsyncGenerator<Uint8Array> {
  // One character per byte, so that bytes that are not text stay as they are.
  const searched = forms.map((form) => Buffer.from(form, 'utf8').toString('latin1'));
  const pattern = anyOf(searched);
  const longest = Math.max(...searched.map(({ length }) => length));
  let held = '';
  for await (const chunk of source) {
    const text = held + Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    // A secret that begins before this is complete.
    const safe = Math.max(0, text.length - longest + 1);
    const { shown, end } = replaceUpTo(text, safe, pattern);
    held = text.slice(end);
    if (shown.length > 0) yield Buffer.from(shown, 'latin1');
  }
  if (held.length > 0) yield Buffer.from(held.replace(pattern, HIDDEN), 'latin1');
}

/** A regular expression that matches exactly these texts. */
export const anyOf = (texts: readonly string[]): RegExp =>
  new RegExp(texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');

/**
 * The part of a text before a position, without the secrets that begin there, and where the text goes on.
 *
 * @param text goes on beyond the position for as long as a secret may, so that a secret at the position is complete
 */
export function replaceUpTo(text: string, safe: number, pattern: RegExp): { shown: string; end: number } {
  let shown = '';
  let end = 0;
  for (const { 0: secret, index } of text.matchAll(pattern)) {
    if (index >= safe) break;
    shown += text.slice(end, index) + HIDDEN;
    end = index + secret.length;
  }
  if (safe <= end) return { shown, end };
  return { shown: shown + text.slice(end, safe), end: safe };
}

/** U+0000: no text in PostgreSQL can hold this character, and the protocol ends texts with it. */
import type { Json } from '../../graph/json.ts';
import { toPointer } from '../../graph/pointer.ts';
import { NodeError } from '../error.ts';

const NUL = '\0';

/** SQLSTATEs for a character that the server cannot store, in text and in `jsonb`. */
const BAD_CHARACTER = new Set(['22021', '22P05']);

const MEND = "Take it out, as with .replaceAll('\\u0000', ''), or send bytes as base64 text to a `bytea`.";

/** Refuses a statement that the server would see cut off. @throws NodeError `postgres.nul` */
export function refuseNul(sql: string): void {
  const at = sql.indexOf(NUL);
  if (at < 0) return;
  throw new NodeError('postgres.nul', `"sql" holds the character U+0000 at offset ${at}. ${MEND}`);
}

/**
 * The failure to throw instead, if the server refused a character and a parameter holds U+0000. This is checked only
 * after the refusal, because `json` accepts what `text` and `jsonb` refuse, and parameter types are not known here.
 */
export function nulFailure(error: unknown, params: readonly Json[]): NodeError | null {
  if (!(error instanceof Error) || !BAD_CHARACTER.has(String((error as { code?: unknown }).code))) return null;
  const index = params.findIndex((value) => nulIn(value) !== null);
  if (index < 0) return null;
  const inside = toPointer(nulIn(params[index]!)!);
  return new NodeError(
    'postgres.nul',
    `$${index + 1}${inside === '' ? '' : ` (${inside})`} holds the character U+0000, which neither text nor jsonb ` +
      `of PostgreSQL can hold. ${MEND}`,
    { details: { parameter: index + 1, path: inside } },
  );
}

/** The keys that lead to the first text or key with U+0000, or null. */
function nulIn(value: Json): string[] | null {
  if (typeof value === 'string') return value.includes(NUL) ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, item] of Object.entries(value)) {
    const inside = key.includes(NUL) ? [] : nulIn(item);
    if (inside !== null) return [key.replaceAll(NUL, '\\u0000'), ...inside];
  }
  return null;
}

import { z } from 'zod';
import { NodeError } from '../../error.ts';
import { address, signature } from '../notation/fields.ts';

/** Where a list of transactions goes on. */
export interface HistoryCursor {
  /** The accounts of which there is more, each with the oldest transaction that was listed of it. */
  readonly accounts: readonly { readonly account: string; readonly before: string | null }[];
  /** The oldest slot that was reached, and what was listed of it: that may come again in the list of another account. */
  readonly slot: string | null;
  readonly listed: readonly string[];
}

/** What is listed of one slot is remembered up to this number; more of it would be listed twice. */
export const MOST_LISTED = 400;

/** Accounts that a list can follow. Each page asks for all of them. */
export const MOST_ACCOUNTS = 100;

const schema = z.strictObject({
  accounts: z
    .array(z.strictObject({ account: address(), before: signature().nullable() }))
    .min(1)
    .max(MOST_ACCOUNTS),
  slot: z
    .string()
    .regex(/^[0-9]{1,20}$/)
    .nullable(),
  listed: z.array(signature()).max(MOST_LISTED),
});

/** Writes a cursor as a text; null: there is nothing more. */
export const writeCursor = (cursor: HistoryCursor): string | null =>
  cursor.accounts.length === 0 ? null : Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** @throws NodeError `input.invalid` if the text is no cursor */
export function readCursor(text: string): HistoryCursor {
  const read = schema.safeParse(parsed(Buffer.from(text, 'base64url').toString('utf8')));
  if (read.success) return read.data;
  throw new NodeError('input.invalid', 'cursor is none: give the cursor of an earlier page, unchanged.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

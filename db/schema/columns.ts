import { customType, text } from 'drizzle-orm/pg-core';
import { formatMoney, MONEY_DIGITS, parseMoney } from '../../graph/money.ts';
import { escapeText, unescapeText } from '../text.ts';

/**
 * A JSON value stored as its JSON text. Not `jsonb`, which refuses `\u0000` and lone surrogates, reorders keys and
 * limits nesting; the text of `JSON.stringify` is plain ASCII-safe UTF-8 and comes back equal. JSON null is SQL NULL.
 */
export const jsonText = <T>(name: string) =>
  customType<{ data: T; driverData: string }>({
    dataType: () => 'text',
    toDriver: (value) => JSON.stringify(value),
    fromDriver: (value) => JSON.parse(value) as T,
  })(name);

/** Text that users choose. It may hold U+0000 and lone surrogates, which Postgres cannot store (see `escapeText`). */
export const anyText = (name: string) =>
  customType<{ data: string; driverData: string }>({
    dataType: () => 'text',
    toDriver: escapeText,
    fromDriver: unescapeText,
  })(name);

/** Text that is sorted by its bytes, whatever the language of the database: ranges of it are ranges of beginnings. */
export const bytewiseText = (name: string) =>
  customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' })(name);

/** A moment as ISO text in UTC with milliseconds. */
export const instant = (name: string) =>
  customType<{ data: string; driverData: string }>({
    dataType: () => 'timestamp (3) with time zone',
    fromDriver: (value) => new Date(value).toISOString(),
  })(name);

/** An amount of US dollars, exact: pico-dollars in the program, a decimal in the table. */
export const dollars = (name: string) =>
  customType<{ data: bigint; driverData: string }>({
    dataType: () => `numeric(38, ${MONEY_DIGITS})`,
    toDriver: formatMoney,
    fromDriver: (value) => parseMoney(value)!,
  })(name);

/** Bytes. */
export const bytes = (name: string) =>
  customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })(name);

/** The tenant. Every table that has this column is under row-level security (a test checks this). */
export const workspaceId = () => text('workspace_id').notNull();

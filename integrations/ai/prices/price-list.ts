import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { z } from 'zod';
import { type ModelPrice, priceFile } from './price.ts';
import { PRICES } from './table.ts';

/** A call whose price is wanted. */
export interface PricedCall {
  readonly provider: string;
  readonly model: string;
  /** Name of the connection it is made with. */
  readonly connection: string | null;
  /** The day (UTC) on which it is made. */
  readonly day: string;
}

/** Looks up prices. */
export interface PriceList {
  /** The price of a call, or null if nobody knows it. */
  find(call: PricedCall): ModelPrice | null;
}

/** Names of a model's snapshots: `gpt-5.4-2026-03-05`, `claude-haiku-4-5-20251001`, `gemini-2.5-pro-001`, `…-latest`. */
const SNAPSHOT = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|00\d|latest)$/;

/**
 * The prices of the table, with the operator's own in front of them. Of several prices, the latest that has begun holds.
 */
export function createPriceList(own: readonly ModelPrice[] = []): PriceList {
  const lists = [byKey(own), byKey(PRICES)];
  return {
    find: ({ provider, model, connection, day }) => {
      const named = model.replace(/^models\//, '');
      const names = [named, named.replace(SNAPSHOT, '')];
      for (const list of lists)
        for (const through of connection === null ? [''] : [connection, ''])
          for (const name of names) {
            const found = list.get(keyOf(provider, name, through))?.find(({ from }) => from <= day);
            if (found) return found;
          }
      return null;
    },
  };
}

/** The prices for each model, the latest first. */
function byKey(prices: readonly ModelPrice[]): ReadonlyMap<string, readonly ModelPrice[]> {
  const lists = new Map<string, ModelPrice[]>();
  for (const price of prices) {
    const key = keyOf(price.provider, price.model, price.connection ?? '');
    lists.set(key, [...(lists.get(key) ?? []), price]);
  }
  for (const list of lists.values()) list.sort((a, b) => (a.from < b.from ? 1 : -1));
  return lists;
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

/**
 * Reads an operator's file of prices, YAML or JSON: `{ prices: [{ provider, model, from, source, input, … }] }`.
 *
 * @throws Error that says what is wrong with the file, and where
 */
export async function readPrices(path: string): Promise<readonly ModelPrice[]> {
  let content: unknown;
  try {
    content = parse(await readFile(path, 'utf8'), { maxAliasCount: 0 });
  } catch (error) {
    throw new Error(`The file of prices ${path} cannot be read: ${(error as Error).message}`);
  }
  const read = priceFile.safeParse(content);
  if (read.success) return read.data.prices;
  throw new Error(`The file of prices ${path} is wrong. ${read.error.issues.slice(0, 5).map(issueText).join('; ')}`);
}

const issueText = ({ path, message }: z.core.$ZodIssue): string =>
  `${path.map(String).join('.') || 'file'}: ${message}`;

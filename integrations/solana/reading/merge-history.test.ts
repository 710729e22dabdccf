import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HistoryEntry } from '../chain/port.ts';
import type { HistoryCursor } from './history-cursor.ts';
import { mergeHistory } from './merge-history.ts';

/** A transaction of a chain: its slot, and the accounts that it belongs to. */
const chain = fc.array(
  fc.record({ blocks: fc.integer({ min: 0, max: 2 }), accounts: fc.subarray(['a', 'b', 'c'], { minLength: 1 }) }),
  { maxLength: 40 },
);

type Chain = readonly (HistoryEntry & { readonly accounts: readonly string[] })[];

/** The newest first. */
function built(given: readonly { readonly blocks: number; readonly accounts: readonly string[] }[]): Chain {
  let slot = 0n;
  return given
    .map(({ blocks, accounts }, index) => {
      slot += BigInt(blocks);
      return { signature: `s${index}`, slot, error: null, accounts };
    })
    .toReversed();
}

const isIn = (all: Chain, account: string) => all.filter(({ accounts }) => accounts.includes(account));

function page(all: Chain, start: HistoryCursor, limit: number, until: string | null = null) {
  const histories = start.accounts.map(({ account, before }) => {
    const list = isIn(all, account);
    const from = before === null ? 0 : list.findIndex(({ signature }) => signature === before) + 1;
    const entries = list.slice(from, from + limit);
    return { account, before, entries, isWhole: entries.length < limit };
  });
  return mergeHistory(histories, { limit, until, start });
}

const START: HistoryCursor = {
  accounts: ['a', 'b', 'c'].map((account) => ({ account, before: null })),
  slot: null,
  listed: [],
};

it('lists everything once, the newest slot first, whatever the size of a page', () => {
  fc.assert(
    fc.property(chain, fc.integer({ min: 1, max: 7 }), (given, limit) => {
      const all = built(given);
      const found = [];
      let cursor = START;
      for (let pages = 0; cursor.accounts.length > 0; pages += 1) {
        expect(pages).toBeLessThan(200);
        const part = page(all, cursor, limit);
        found.push(...part.listed);
        cursor = part.cursor;
      }
      expect(found.map(({ signature }) => signature).toSorted()).toEqual(
        all.map(({ signature }) => signature).toSorted(),
      );
      const slots = found.map(({ slot }) => slot);
      expect(slots).toEqual(slots.toSorted((x, y) => Number(y - x)));
    }),
  );
});

it('stops at a transaction, and leaves out nothing that may be newer', () => {
  fc.assert(
    fc.property(chain, fc.nat(), (given, at) => {
      const all = built(given);
      const until = all[at % Math.max(1, all.length)];
      const { listed, reachedUntil, cursor } = page(all, START, 50, until?.signature ?? null);
      expect(reachedUntil).toBe(until !== undefined);
      expect(cursor.accounts).toEqual([]);
      const found = new Set(listed.map(({ signature }) => signature));
      for (const one of all.slice(0, until ? all.indexOf(until) : undefined)) expect(found).toContain(one.signature);
      expect(listed.every(({ slot }) => until === undefined || slot >= until.slot)).toBe(true);
    }),
  );
});

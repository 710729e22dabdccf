import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RESUMABLE_MS, readEventId, writeEventId } from './event-id.ts';

const NOW = Date.parse('2026-11-21T10:00:00.000Z');
const number = fc.integer({ min: 1, max: 2 ** 50 });

it('an id says where its event stood', () => {
  const cursors = fc.record(
    { next: number, open: fc.array(number, { maxLength: 20 }), partly: fc.record({ xid: number, seq: number }) },
    { requiredKeys: ['next', 'open'] },
  );
  fc.assert(
    fc.property(cursors, (cursor) => {
      expect(readEventId(writeEventId(cursor, NOW), NOW)).toEqual(cursor);
    }),
  );
});

it('an id is good for less than an hour', () => {
  const id = writeEventId({ next: 7, open: [] }, NOW);
  expect(readEventId(id, NOW + RESUMABLE_MS - 1_000)).not.toBe(null);
  expect(readEventId(id, NOW + RESUMABLE_MS + 1_000)).toBe(null);
});

it('what others send as an id is none', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[0-9a-z.-]{0,40}$/),
    fc.constant(`0-1-${'1.'.repeat(5_000)}1`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const cursor = readEventId(text, NOW);
      if (cursor !== null) expect(writeEventId(cursor, NOW).split('-').length).toBeLessThanOrEqual(4);
    }),
  );
  for (const text of ['', '-', 'abc', '1-', '1-2-', `${'z'.repeat(20)}-1`, '1-2-3-4', '1-2--4.x!']) {
    expect(readEventId(text, NOW)).toBe(null);
  }
});

import { describe, expect, it } from 'vitest';
import { cli } from './testing/harness.ts';

const at = '2026-11-22T01:00:00.000Z';
const run = {
  ...{ run: { id: 'r1', url: 'u' }, word: 'rateLimit', position: 1, key: 'ann' },
  priority: 1,
  since: at,
  until: at,
};
const group = {
  ...{ group: 'g1', word: 'batch', trigger: 'in', version: 2, key: '', count: 7 },
  openedAt: at,
};
const path = 'GET /api/workflows/pay/queue';
const NOTHING = { waiting: [], held: [], refused: [], counts: { waiting: 0, held: 0, refused: 0 }, next: null };

describe('blok queue', () => {
  it('lists runs with their places, events that are held, and events that were refused', async () => {
    const held = [{ ...group, dueAt: at, reason: 'Temporal is away.' }];
    const refused = [{ ...group, group: 'g2', trigger: 'late', refusedAt: at, reason: 'items do not fit.' }];
    const body = { waiting: [run], held, refused, counts: { waiting: 3, held: 1, refused: 1 }, next: 'c2' };
    const result = await cli(['queue', 'pay', '--limit', '1'], { answers: { [path]: [{ body }] } });
    expect(result.code).toBe(0);
    expect(result.out).toMatch(new RegExp(`◷ r1 +1 +rateLimit +ann +1 +${at} +${at}`));
    expect(result.out).toMatch(new RegExp(`◷ in +batch +7 +${at} +${at} +g1`));
    expect(result.out).toMatch(new RegExp(`✗ late +batch +7 +${at} +${at} +g2`));
    expect(result.out).toContain('in: Temporal is away.');
    expect(result.out).toContain('late: items do not fit.');
    expect(result.err).toBe('More: add --cursor c2');
  });

  it('goes on where the last list ended', async () => {
    const result = await cli(['queue', 'pay', '--cursor', 'c2'], { answers: { [path]: [{ body: NOTHING }] } });
    expect(result.seen[0]).toMatchObject({ query: { cursor: 'c2', limit: '100' } });
  });

  it('says if nothing waits', async () => {
    const result = await cli(['queue', 'pay'], { answers: { [path]: [{ body: NOTHING }] } });
    expect(result).toMatchObject({ code: 0, out: '', err: 'Nothing waits.' });
  });

  it('shows the events of a group, and discards them', async () => {
    const one = { ...group, events: [{ key: 'k', at, input: { n: 1 } }] };
    const shown = await cli(['queue', 'pay', 'g1'], { answers: { [`${path}/g1`]: [{ body: one }] } });
    expect([shown.code, JSON.parse(shown.out)]).toEqual([0, one]);
    const gone = { 'DELETE /api/workflows/pay/queue/g1': [{ body: { discarded: 7 } }] };
    const discarded = await cli(['queue', 'pay', 'g1', '--discard'], { answers: gone });
    expect(discarded).toMatchObject({ code: 0, out: '', err: 'Discarded: 7 events.' });
    const which = await cli(['queue', 'pay', '--discard']);
    expect([which.code, which.err]).toEqual([2, expect.stringContaining('which events')]);
  });
});

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
  dueAt: at,
};
const path = 'GET /api/workflows/pay/queue';

describe('blok queue', () => {
  it('lists runs with their places, and events that are held', async () => {
    const held = [{ ...group, reason: 'Temporal is away.' }];
    const body = { waiting: [run], held, counts: { waiting: 3, held: 1 } };
    const result = await cli(['queue', 'pay'], { answers: { [path]: [{ body }] } });
    expect(result.code).toBe(0);
    expect(result.out).toMatch(new RegExp(`◷ r1 +1 +rateLimit +ann +1 +${at} +${at}`));
    expect(result.out).toMatch(new RegExp(`◷ in +batch +7 +${at} +${at}`));
    expect(result.out).toContain('in: Temporal is away.');
    expect(result.err).toContain('More: 2');
  });

  it('says if nothing waits', async () => {
    const body = { waiting: [], held: [], counts: { waiting: 0, held: 0 } };
    const result = await cli(['queue', 'pay'], { answers: { [path]: [{ body }] } });
    expect(result).toMatchObject({ code: 0, out: '', err: 'Nothing waits.' });
  });
});

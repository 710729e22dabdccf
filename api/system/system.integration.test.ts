import { describe, expect, it } from 'vitest';
import { runRecord } from '../../db/testing/records.ts';
import { useApi } from '../testing/api.ts';

const api = useApi();
const system = async () => (await api.get('/api/system')).body;

describe('GET /api/system', () => {
  it('says how the servers are, who serves the queues, and how much room there is', async () => {
    expect(await system()).toMatchObject({
      temporal: { state: 'ok', version: '1.32.0' },
      postgres: { state: 'ok', version: expect.stringMatching(/^\d\d/) },
      redis: { state: 'none' },
      queues: [{ name: 'blok', of: 'steps', waiting: 0, workers: [{ identity: '1@machine' }] }],
      live: { followers: 0 },
      process: { node: process.version },
      machine: { disk: null },
    });
  });

  it('says what waits in the database, and since when', async () => {
    await api.record(runRecord({ runId: 'r1' }));
    const { work } = await system();
    expect(work).toMatchObject({
      openRuns: 1,
      oldestOpenAt: '2026-01-01T00:00:00.123Z',
      firings: { count: 0, oldestMs: null },
      statistics: { count: 1 },
    });
    expect(work.statistics.oldestMs).toBeGreaterThanOrEqual(0);
  });

  it('says what does not answer, and all the rest', async () => {
    api.runs().down = true;
    expect(await system()).toMatchObject({
      temporal: { state: 'down', version: null },
      queues: null,
      postgres: { state: 'ok' },
    });
  });
});

import { expect, it } from 'vitest';
import { createOpenRuns } from './open-runs.ts';
import { graphOf, useApi } from './testing/api.ts';

const api = useApi({ maxOpenRuns: 3 });

it('refuses a start while too many runs are open, and says when to try again', async () => {
  const start = (key?: string) =>
    api.post('/api/runs', { graph: graphOf('many') }, key === undefined ? {} : { 'idempotency-key': key });
  const started = [await start('known'), await start(), await start()];
  expect(started.map(({ status }) => status)).toEqual([202, 202, 202]);
  const refused = await start();
  expect(refused).toMatchObject({ status: 429, body: { code: 'run.tooMany' } });
  expect(refused.body.detail).toContain('BLOK_MAX_OPEN_RUNS');
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await start('known')).toMatchObject({ status: 202, body: { id: started[0]!.body.id } });
  expect(api.runs().all.size).toBe(3);
});

it('asks the database only now and then, and goes on without it', async () => {
  let asked = 0;
  let time = 0;
  const open = createOpenRuns({
    max: 1_000,
    now: () => time,
    tenant: () => {
      asked++;
      return Promise.reject(new Error('away'));
    },
  });
  for (let n = 0; n < 40; n++) await open.hasRoom();
  expect(asked).toBe(1);
  time = 6_000;
  await open.hasRoom();
  expect(asked).toBe(2);
});

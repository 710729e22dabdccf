/** Many clients follow live runs while servers are killed. How late they hear of what happens is measured by `npm run bench -- live`. */
import { expect, inject, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { freshDatabase } from '../../scripts/testing/postgres.ts';
import { startRedis } from '../../scripts/testing/redis.ts';
import { ownTemporal } from '../../scripts/testing/temporal.ts';
import { followRuns } from './follow.ts';
import { mistakesOf } from './mistakes.ts';

const ORDERS = [
  ['api', 'redis'],
  ['redis', 'api'],
] as const;

describeWith(['temporal', 'redis'], 'two hundred clients that follow runs', () => {
  it('miss nothing and hear nothing twice while an API and Redis are killed and started again', async () => {
    const [database, redis, temporal] = [await freshDatabase(), await startRedis(), await ownTemporal()];
    try {
      const followed = await followRuns(
        { databaseUrl: database.url, temporalAddress: temporal.address, redis },
        { clients: 200, runsPerSecond: 2, calmMs: 2_000, restarts: ORDERS[inject('seed') % ORDERS.length]! },
      );
      const { clients, traffic } = followed;
      expect(traffic.started.length).toBeGreaterThan(10);
      // Half of them were connected to the API that was killed.
      expect(clients.filter(({ breaks }) => breaks > 0).length).toBeGreaterThanOrEqual(100);
      expect(mistakesOf(followed)).toEqual({ gaps: 0, doubles: 0, resyncs: 0 });
    } finally {
      await redis.dispose();
      await temporal.dispose();
      await database.drop();
    }
  });
});

/** A schedule misses no time and doubles none while servers are away; a thousand schedules of one minute all fire. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureWorkspace, switchTrigger } from '../../../db/index.ts';
import { pause, until } from '../../../embedded/process/wait.ts';
import { type Gate, openGate } from '../../../scripts/testing/gate.ts';
import { describeWith } from '../../../scripts/testing/needs.ts';
import { type OwnTemporal, ownTemporal } from '../../../scripts/testing/temporal.ts';
import { type GraphWorker, startGraphWorker } from '../../../worker/testing/graph-worker.ts';
import { startTestWorker, type TestWorker } from '../../../worker/testing/worker.ts';
import { startTriggerApp, type TriggerApp } from '../testing/app.ts';
import { scheduledSeconds } from '../testing/scheduled-times.ts';
import { setUpDueTriggers } from './round.ts';

/** How many schedules fire at one moment: `BLOK_SCALE=all` takes a thousand. */
const CROWD = process.env.BLOK_SCALE === 'all' ? 1_000 : 60;

/** A busy machine begins a few of them a second. */
const LIMIT_MS = 60_000 + CROWD * 1_000;

const QUICK = { nodes: { a: { uses: 'set', with: { value: 1 } } } };

describeWith(['temporal'], 'schedules', () => {
  let temporal: OwnTemporal;
  let gate: Gate;
  let test: TestWorker;
  let second: GraphWorker | undefined;
  let app: TriggerApp;
  beforeAll(async () => {
    temporal = await ownTemporal();
    gate = await openGate();
    test = await startTestWorker({ address: temporal.address, through: gate.through });
    app = startTriggerApp(test, temporal.address);
    await app.ctx.tenant(ensureWorkspace);
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await second?.dispose();
    await test?.dispose();
    await gate?.close();
    await temporal?.dispose();
  }, 60_000);

  /** The seconds for which a workflow has started runs, one for each run. */
  const secondsOf = (workflow: string) => scheduledSeconds(app.ctx, workflow);

  it('miss no second and double none while Temporal, Postgres and the worker are away in turn', async () => {
    const tick = { uses: 'schedule', with: { every: '1s', overlap: 'allowAll', catchUp: '1h' } };
    await app.publish('steady', { ...QUICK, triggers: { tick } });
    await until(async () => (await secondsOf('steady')).length >= 2, { withinMs: 20_000 });
    await temporal.kill();
    await pause(3_500);
    await temporal.start();
    await gate.set('refuse');
    await pause(3_500);
    await gate.set('pass');
    await test.worker.stop();
    await pause(2_500);
    second = await startGraphWorker({
      address: temporal.address,
      databaseUrl: test.databaseUrl,
      taskQueue: test.taskQueue,
    });
    const end = Math.ceil(Date.now() / 1_000) + 2;
    const seconds = await until(
      async () => {
        const all = await secondsOf('steady');
        const isWhole = all.length > 0 && all.filter((at) => at <= end).length >= end - all[0]! + 1;
        return isWhole && all.filter((at) => at <= end);
      },
      { withinMs: 60_000, everyMs: 500 },
    );
    const first = (await secondsOf('steady'))[0]!;
    expect(seconds ?? (await secondsOf('steady'))).toEqual(
      Array.from({ length: end - first + 1 }, (_, i) => first + i),
    );
    await app.ctx.tenant((tx) => switchTrigger(tx, { workflow: 'steady', id: 'tick', enabled: false }));
    await setUpDueTriggers(app.ctx);
  }, 120_000);

  it(`all fire if ${CROWD} of them mean the same moment`, { timeout: LIMIT_MS + 240_000 }, async () => {
    const moment = new Date(Math.ceil(Date.now() / 1_000 + 5 + CROWD * 0.15) * 1_000);
    const cron = `${moment.getUTCSeconds()} ${moment.getUTCMinutes()} ${moment.getUTCHours()} * * *`;
    const names = Array.from({ length: CROWD }, (_, i) => `crowd-${i}`);
    for (const name of names)
      await app.publish(name, { ...QUICK, triggers: { tick: { uses: 'schedule', with: { cron } } } });
    expect(Date.now(), 'they are set up before the moment').toBeLessThan(moment.getTime());
    const fired = async () => {
      const { rows } = await app.ctx.tenant((tx) =>
        tx.db.execute<{ runs: number; workflows: number }>(
          sql`select count(*)::int as runs, count(distinct workflow)::int as workflows from run
            where workflow like 'crowd-%' and ended_at is not null`,
        ),
      );
      return rows[0]!;
    };
    await until(async () => (await fired()).workflows === CROWD, { withinMs: LIMIT_MS, everyMs: 500 });
    expect(await fired()).toEqual({ runs: CROWD, workflows: CROWD });
    const begun = performance.now();
    const { body } = await app.send('GET', '/api/triggers');
    const ms = Math.round(performance.now() - begun);
    console.log(`${CROWD} schedules are listed in ${ms} ms`);
    const crowd = (body as { items: { workflow: string; nextTimes: string[] }[] }).items.filter(({ workflow }) =>
      workflow.startsWith('crowd-'),
    );
    expect(crowd.map(({ nextTimes }) => nextTimes.length)).toEqual(names.map(() => 5));
    expect(ms).toBeLessThan(5_000);
  });
});

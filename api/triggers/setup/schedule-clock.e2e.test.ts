/**
 * Schedules of a real Temporal whose clock jumps, and that meets the nights in which clocks are changed: no time fires
 * twice, and none is missed that `catchUp` covers. (Temporal's time-skipping server has no schedules: `CreateSchedule` is
 * unimplemented there.)
 */
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ensureWorkspace, switchTrigger } from '../../../db/index.ts';
import { pause, until } from '../../../embedded/process/wait.ts';
import { randomOf } from '../../../scripts/fuzz/random.ts';
import { describeWith } from '../../../scripts/testing/needs.ts';
import { type OtherClock, otherClock } from '../../../scripts/testing/temporal/other-clock.ts';
import { type OwnTemporal, ownTemporal, sharedTemporal } from '../../../scripts/testing/temporal.ts';
import { startTestWorker, type TestWorker } from '../../../worker/testing/worker.ts';
import { startTriggerApp, type TriggerApp } from '../testing/app.ts';
import { scheduledTimes } from '../testing/scheduled-times.ts';
import { setUpDueTriggers } from './round.ts';

/** `BLOK_KILLS=all` tries more steps and every night; otherwise the seed chooses two nights. */
const ALL = process.env.BLOK_KILLS === 'all';
const { int } = randomOf(inject('seed'), 0);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GRAPH = { nodes: { a: { uses: 'set', with: { value: 1 } } } };

/** A daily time around which the clock of its zone is changed, and when the run of that day begins. */
interface Night {
  readonly zone: string;
  readonly cron: string;
  readonly fires: string;
  /** The clock shows the time again then. */
  readonly again?: string;
}
const NIGHTS: readonly Night[] = [
  { zone: 'Europe/Berlin', cron: '30 2 * * *', fires: '2027-03-28T01:00:00Z' },
  { zone: 'America/New_York', cron: '30 2 * * *', fires: '2028-03-12T07:00:00Z' },
  { zone: 'Europe/Berlin', cron: '30 2 * * *', fires: '2028-10-29T00:30:00Z', again: '2028-10-29T01:30:00Z' },
  { zone: 'America/New_York', cron: '30 1 * * *', fires: '2029-11-04T05:30:00Z', again: '2029-11-04T06:30:00Z' },
];

describeWith(['temporal', 'other-clock'], 'schedules of a server whose clock is set', () => {
  let clock: OtherClock;
  let temporal: OwnTemporal;
  let test: TestWorker;
  let app: TriggerApp;
  beforeAll(async () => {
    clock = otherClock(sharedTemporal().cli);
    temporal = await ownTemporal({}, clock.cli);
    test = await startTestWorker({ address: temporal.address });
    app = startTriggerApp(test, temporal.address);
    await app.ctx.tenant(ensureWorkspace);
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await test?.dispose();
    await temporal?.dispose();
    clock?.remove();
  }, 60_000);

  /** How far the server's clock is ahead of the machine's. */
  let aheadMs = 0;
  const serverNow = () => Date.now() + aheadMs;
  /** Kills the server, and starts it with another clock. */
  const setClock = async (now: number): Promise<void> => {
    await temporal.kill();
    aheadMs = now - Date.now();
    clock.set(now);
    await temporal.start();
  };
  /** The times for which a workflow has started runs, one for each run. */
  const timesOf = (workflow: string) => scheduledTimes(app.ctx, workflow);
  const publish = (name: string, given: object) =>
    app.publish(name, { ...GRAPH, triggers: { tick: { uses: 'schedule', with: { overlap: 'allowAll', ...given } } } });
  const withdraw = async (workflow: string) => {
    await app.ctx.tenant((tx) => switchTrigger(tx, { workflow, id: 'tick', enabled: false }));
    await setUpDueTriggers(app.ctx);
  };
  const fires = (workflow: string, at: number) =>
    until(async () => (await timesOf(workflow)).includes(at) || false, { withinMs: 60_000, everyMs: 250 });

  it('miss no second and double none while the clock is set ahead and back by ten seconds', async () => {
    // The first of these tests: a server that was hours ahead fires no timer that lies before what it has read already.
    await setClock(Date.now());
    await publish('stepped', { every: '1s', catchUp: '1h' });
    await until(async () => (await timesOf('stepped')).length > 0, { withinMs: 30_000 });
    for (const stepMs of ALL ? [10_000, -10_000, 10_000, -10_000, -10_000] : [10_000, -10_000]) {
      await setClock(serverNow() + stepMs);
      await pause(int(3_000));
    }
    const end = Math.ceil(serverNow() / 1_000) * 1_000 + 2_000;
    const times = async () => (await timesOf('stepped')).filter((at) => at <= end);
    const isWhole = async () => {
      const all = await times();
      return all.at(-1) === end && all.length >= (end - all[0]!) / 1_000 + 1;
    };
    await until(isWhole, { withinMs: 90_000, everyMs: 500 });
    const all = await times();
    expect(all).toEqual(Array.from({ length: (end - all[0]!) / 1_000 + 1 }, (_, second) => all[0]! + second * 1_000));
    await withdraw('stepped');
  }, 180_000);

  it('make up for the times that the clock has jumped over, as far as catchUp goes, and fire none again after it was set back', async () => {
    const begin = Math.ceil(Date.now() / MINUTE) * MINUTE;
    await setClock(begin - 8_000);
    await publish('patient', { every: '1m', catchUp: '3h' });
    await publish('strict', { every: '1m', catchUp: '10m' });
    expect(await fires('patient', begin)).toBe(true);
    expect(await fires('strict', begin)).toBe(true);

    // Two hours ahead, and a minute begins soon after.
    const ahead = begin + 2 * HOUR;
    await setClock(ahead - 8_000);
    expect(await fires('patient', ahead)).toBe(true);
    expect(await fires('strict', ahead)).toBe(true);
    const every = (from: number) => Array.from({ length: (ahead - from) / MINUTE + 1 }, (_, at) => from + at * MINUTE);
    await until(async () => (await timesOf('patient')).length >= 121, { withinMs: 60_000, everyMs: 500 });
    expect((await timesOf('patient')).filter((at) => at <= ahead)).toEqual(every(begin));
    const strict = (await timesOf('strict')).filter((at) => at <= ahead);
    expect(strict[0]).toBe(begin);
    // A minute more or less, because the server takes some seconds to start.
    expect(strict[1]).toBeLessThanOrEqual(ahead - 9 * MINUTE);
    expect(strict[1]).toBeGreaterThanOrEqual(ahead - 11 * MINUTE);
    expect(strict.slice(1)).toEqual(every(strict[1]!));

    // Back by half an hour: those minutes come once more, and start nothing.
    const known = await timesOf('patient');
    await setClock(ahead - 30 * MINUTE - 5_000);
    await pause(10_000);
    expect(await timesOf('patient')).toEqual(known);
    // When the clock is where it was, the next minute fires.
    const next = known.at(-1)! + MINUTE;
    await setClock(next - 8_000);
    expect(await fires('patient', next)).toBe(true);
    expect(await timesOf('patient')).toEqual([...known, next]);
    for (const name of ['patient', 'strict']) await withdraw(name);
  }, 240_000);

  // Each night is later than the one before: the clock of a server is set back rarely.
  const nights = ALL ? NIGHTS : [NIGHTS[int(2)]!, NIGHTS[2 + int(2)]!];
  it.each(nights)(
    'fire $cron in $zone once, at $fires',
    async ({ zone, cron, fires: time, again }) => {
      const name = `night-${Date.parse(time)}`;
      const at = Date.parse(time);
      await setClock(at - 12_000);
      await publish(name, { cron, timezone: zone });
      expect(await fires(name, at)).toBe(true);
      if (again !== undefined) {
        await setClock(Date.parse(again) - 8_000);
        const { send } = app;
        const duplicates = async () => {
          const { body } = await send('GET', `/api/workflows/${name}/triggers`);
          return (body as { items: { last24Hours: { duplicate: number } }[] }).items[0]!.last24Hours.duplicate;
        };
        // The server fires for the second showing as well; the key of both is the same.
        await until(async () => (await duplicates()) > 0, { withinMs: 20_000, everyMs: 250 });
      }
      expect((await timesOf(name)).map((one) => new Date(one).toISOString())).toEqual([new Date(at).toISOString()]);
      await withdraw(name);
    },
    120_000,
  );
});

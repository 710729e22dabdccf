/** What Temporal makes of our schedules: the times at which they fire, what overlaps, what was missed. */
import { randomBytes } from 'node:crypto';
import type { ScheduleHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureWorkspace, listRuns, recentCounts, switchTrigger } from '../../../db/index.ts';
import { until } from '../../../embedded/process/wait.ts';
import type { JsonObject } from '../../../graph/json.ts';
import { firingKey, nextTimes, readSchedule } from '../../../graph/schedule/index.ts';
import { describeWith } from '../../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../../scripts/testing/temporal.ts';
import { startTestWorker, type TestWorker } from '../../../worker/testing/worker.ts';
import { startTriggerApp, type TriggerApp } from '../testing/app.ts';
import { scheduledSeconds } from '../testing/scheduled-times.ts';
import { setUpDueTriggers } from './round.ts';
import { scheduleId } from './schedule.ts';

const HOUR = 3_600_000;
const QUICK = {
  nodes: { a: { uses: 'set', with: { value: '${{ trigger.scheduledAt }}' } } },
  output: '${{ nodes.a }}',
};
const SLOW = { nodes: { a: { uses: 'wait', with: { for: '1h' } } } };

describeWith(['temporal'], 'schedules', () => {
  let test: TestWorker;
  let app: TriggerApp;
  const published: string[] = [];
  beforeAll(async () => {
    test = await startTestWorker();
    app = startTriggerApp(test, sharedTemporal().address);
    await app.ctx.tenant(ensureWorkspace);
  });
  afterAll(async () => {
    for (const name of published)
      await schedule(name)
        .delete()
        .catch(() => undefined);
    await app?.close();
    await test?.dispose();
  });

  const schedule = (name: string): ScheduleHandle =>
    test.client.schedule.getHandle(scheduleId(app.ctx, { workflow: name, id: 'tick' }));
  const publish = async (given: JsonObject, graph: object = QUICK, name = `s${randomBytes(5).toString('hex')}`) => {
    published.push(name);
    await app.publish(name, { ...graph, triggers: { tick: { uses: 'schedule', with: given } } });
    return name;
  };
  const runsOf = async (name: string) =>
    (await app.ctx.tenant((tx) => listRuns(tx, { workflow: name, limit: 100 }))).items;
  const counts = async (name: string) =>
    Object.fromEntries(
      (await app.ctx.tenant((tx) => recentCounts(tx, { workflow: name }))).map(({ outcome, count }) => [
        outcome,
        count,
      ]),
    );
  const turn = async (name: string, enabled: boolean) => {
    await app.ctx.tenant((tx) => switchTrigger(tx, { workflow: name, id: 'tick', enabled, note: 'holidays' }));
    await setUpDueTriggers(app.ctx);
  };
  /** The seconds of a schedule that have started a run. */
  const secondsOf = (workflow: string) => scheduledSeconds(app.ctx, workflow);
  /** The times at which the server fires for a span in the past or in the future. */
  const firedBetween = async (name: string, from: number, to: number, least: number): Promise<number[]> => {
    await schedule(name).backfill({ start: new Date(from), end: new Date(to), overlap: 'ALLOW_ALL' });
    const query = `TemporalScheduledById = "${scheduleId(app.ctx, { workflow: name, id: 'tick' })}"`;
    let last = -1;
    return seen(
      async () => {
        const times: number[] = [];
        for await (const { searchAttributes } of test.client.workflow.list({ query }))
          times.push((searchAttributes.TemporalScheduledStartTime as Date[])[0]!.getTime());
        const isDone = times.length >= least && times.length === last;
        last = times.length;
        return isDone && times.sort((a, b) => a - b);
      },
      { withinMs: 60_000, everyMs: 1_500 },
    );
  };

  it.each([
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T00:00Z'],
    ['30 2 * * *', 'Europe/Berlin', '2028-03-26T00:00Z'],
    ['15,45 1-2 * * *', 'America/New_York', '2026-03-08T06:00Z'],
    ['15,45 1-2 * * *', 'America/New_York', '2026-11-01T05:00Z'],
    ['15,45 1,2 * * *', 'Australia/Lord_Howe', '2026-10-03T15:00Z'],
    ['15,45 1,2 * * *', 'Australia/Lord_Howe', '2027-04-03T15:00Z'],
    ['30 * * * *', 'Europe/Berlin', '2026-10-25T00:00Z'],
    ['0 30 2 * * *', 'Asia/Kolkata', '2026-03-29T00:00Z'],
    ['0 12 13 * fri', 'UTC', '2026-03-12T00:00Z'],
  ])('%s in %s fires once for each time around %s', async (cron, timezone, around) => {
    const given = { cron, timezone };
    const name = await publish(given);
    const { times } = readSchedule(given).spec;
    const days = cron.startsWith('30 * ') ? 0.25 : 1;
    const [from, to] = [Date.parse(around) - days * 26 * HOUR, Date.parse(around) + days * 52 * HOUR];
    const expected = nextTimes(times, { from, until: to + 1, count: 1_000 });
    const fired = await firedBetween(name, from, to, expected.length);
    // The server fires twice for a time that the clock shows twice; the key of both is the same, so one run begins.
    const first = fired.filter(
      (at, index) => fired.findIndex((one) => firingKey(times, one) === firingKey(times, at)) === index,
    );
    expect(first.map(iso)).toEqual(expected.map(iso));
    const runs = await seen(async () => {
      const all = await runsOf(name);
      return all.length >= expected.length && all;
    });
    expect(runs.length).toBe(expected.length);
    const next = (await schedule(name).describe()).info.nextActionTimes.map((at) => at.getTime());
    expect(nextTimes(times, { from: next[0]! - 1, count: 3 }).map(iso)).toEqual(next.slice(0, 3).map(iso));
  });

  it('fires for a time once, however often it is asked to', async () => {
    const name = await publish({ cron: '0 0 * * *' });
    const range = [Date.parse('2026-03-01T00:00:00Z'), Date.parse('2026-03-03T00:00:00Z')] as const;
    await firedBetween(name, ...range, 3);
    await seen(async () => (await counts(name)).started === 3);
    await firedBetween(name, ...range, 6);
    await seen(async () => (await counts(name)).duplicate === 3);
    expect((await runsOf(name)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
    expect(await counts(name)).toEqual({ seen: 6, started: 3, duplicate: 3 });
  });

  it('fires by the clock, and no more while it is switched off', async () => {
    const name = await publish({ every: '1s', overlap: 'allowAll', catchUp: '10m' });
    await seen(async () => (await runsOf(name)).length >= 2, { withinMs: 20_000 });
    await turn(name, false);
    expect((await schedule(name).describe()).state).toMatchObject({ paused: true, note: 'holidays' });
    const off = Math.max(...(await secondsOf(name)));
    await seen(() => Date.now() / 1_000 > off + 4);
    await turn(name, true);
    // What was missed meanwhile is made up for, because `catchUp` is longer.
    await seen(async () => Math.max(...(await secondsOf(name))) > off + 6, { withinMs: 20_000 });
    const isWhole = async () => {
      const all = (await secondsOf(name)).filter((at) => at <= off + 6);
      return all.every((at, index) => index === 0 || at === all[index - 1]! + 1);
    };
    await seen(isWhole, { withinMs: 10_000 });
  });

  it.each([
    ['cancelOther', 'CANCEL_OTHER', 'cancelled'],
    ['terminateOther', 'TERMINATE_OTHER', 'terminated'],
  ] as const)('%s ends the last run when the next one begins', async (overlap, policy, status) => {
    const name = await publish({ cron: '0 0 1 1 *', overlap }, SLOW);
    await schedule(name).trigger(policy);
    const [first] = await seen(async () => (await runsOf(name)).length === 1 && (await runsOf(name)));
    const begun = Date.now();
    // A second of the schedule starts one run.
    await seen(() => Date.now() > begun + 1_100);
    await schedule(name).trigger(policy);
    await seen(async () => (await runsOf(name)).length === 2);
    const handle = test.client.workflow.getHandle(first!.workflowId);
    await seen(async () => (await handle.describe()).status.name !== 'RUNNING', { withinMs: 20_000 });
    expect((await handle.describe()).status.name).toBe(status.toUpperCase());
    for (const run of await runsOf(name))
      await test.client.workflow
        .getHandle(run.workflowId)
        .cancel()
        .catch(() => undefined);
  });

  it('skip leaves out what comes while the run goes on', async () => {
    const name = await publish({ cron: '0 0 1 1 *', overlap: 'skip' }, SLOW);
    await schedule(name).trigger('SKIP');
    await seen(async () => (await runsOf(name)).length === 1);
    await schedule(name).trigger('SKIP');
    await seen(async () => (await schedule(name).describe()).info.numActionsSkippedOverlap === 1);
    expect((await runsOf(name)).length).toBe(1);
    for (const run of await runsOf(name)) await test.client.workflow.getHandle(run.workflowId).cancel();
  });

  it('is removed when the published version has no such trigger', async () => {
    const name = await publish({ cron: '@daily' });
    await schedule(name).describe();
    await app.publish(name, { nodes: { a: { uses: 'set', with: { value: 1 } } } });
    await expect(schedule(name).describe()).rejects.toThrow();
  });
});

/** Waits for something that must happen. */
async function seen<T>(
  probe: () => Promise<T | false> | T | false,
  { withinMs = 20_000, everyMs = 100 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const found = await until(probe, { withinMs, everyMs });
  if (found === undefined) throw new Error(`It did not happen within ${withinMs} ms.`);
  return found;
}

const iso = (at: number) => new Date(at).toISOString();

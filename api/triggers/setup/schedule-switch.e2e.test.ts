/** A schedule that is switched off and on, at whatever moment, misses no time and doubles none. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ensureWorkspace, switchTrigger } from '../../../db/index.ts';
import { pause, until } from '../../../embedded/process/wait.ts';
import { randomOf } from '../../../scripts/fuzz/random.ts';
import { describeWith } from '../../../scripts/testing/needs.ts';
import { sharedTemporal } from '../../../scripts/testing/temporal.ts';
import { startTestWorker, type TestWorker } from '../../../worker/testing/worker.ts';
import { startTriggerApp, type TriggerApp } from '../testing/app.ts';
import { scheduledSeconds } from '../testing/scheduled-times.ts';
import { setUpDueTriggers } from './round.ts';

const SCHEDULES = 5;
const SWITCHES = 6;
const tick = { uses: 'schedule', with: { every: '1s', overlap: 'allowAll', catchUp: '1h' } };
const GRAPH = { triggers: { tick }, nodes: { a: { uses: 'set', with: { value: 1 } } } };

describeWith(['temporal'], 'a schedule that is switched off and on', () => {
  let test: TestWorker;
  let app: TriggerApp;
  beforeAll(async () => {
    test = await startTestWorker();
    app = startTriggerApp(test, sharedTemporal().address);
    await app.ctx.tenant(ensureWorkspace);
  });
  afterAll(async () => {
    await app?.close();
    await test?.dispose();
  });

  const turn = async (workflow: string, enabled: boolean) => {
    await app.ctx.tenant((tx) => switchTrigger(tx, { workflow, id: 'tick', enabled }));
    await setUpDueTriggers(app.ctx);
  };
  /** The seconds for which a workflow has started runs, one for each run. */
  const secondsOf = (workflow: string) => scheduledSeconds(app.ctx, workflow);

  const workflows = Array.from({ length: SCHEDULES }, (_, index) => ({ workflow: `switched-${index}`, index }));
  it.concurrent.each(workflows)('$workflow starts a run for each second', async ({ workflow, index }) => {
    const { int, once } = randomOf(inject('seed'), index);
    // Mostly around a second that is beginning, because then Temporal fires.
    const untilSwitch = () => (once(4) ? int(1_000) : 2_000 - (Date.now() % 1_000) + int(160) - 60);
    await app.publish(workflow, GRAPH);
    await until(async () => (await secondsOf(workflow)).length > 0, { withinMs: 30_000 });
    const moments: string[] = [];
    for (let times = 0; times < SWITCHES; times++) {
      for (const enabled of [false, true]) {
        await pause(untilSwitch());
        moments.push(`${enabled ? 'on' : 'off'} ${new Date().toISOString()}`);
        await turn(workflow, enabled);
      }
    }
    const end = Math.floor(Date.now() / 1_000) + 2;
    await until(async () => ((await secondsOf(workflow)).at(-1) ?? 0) >= end, { withinMs: 30_000 });
    const wanted = async () => {
      const all = await secondsOf(workflow);
      return Array.from({ length: end - all[0]! + 1 }, (_, second) => all[0]! + second);
    };
    const seconds = async () => (await secondsOf(workflow)).filter((at) => at <= end);
    await until(async () => (await seconds()).length >= (await wanted()).length, { withinMs: 20_000 });
    expect(await seconds(), moments.join(', ')).toEqual(await wanted());
    await turn(workflow, false);
  });
});

import { forgetRecords, openWaits, receive } from '../../../graph/sandbox.ts';
import { type Driver, post } from '../base/driver.ts';
import { callStore } from '../base/internal-activities.ts';
import { recordOf } from '../base/record.ts';

/** Remembers that the wait index is out of date. */
export function noteWaits(driver: Driver, opened: readonly string[]): void {
  driver.waitsOpened ??= new Set();
  for (const step of opened) driver.waitsOpened.add(step);
}

/**
 * If the wait index is out of date, writes it and the steps that have ended. Then the run receives the events that
 * arrived before a wait began.
 */
export function writeWaits(driver: Driver): void {
  if (!driver.waitsOpened || driver.writingWaits) return;
  const opened = [...driver.waitsOpened];
  driver.waitsOpened = null;
  driver.writingWaits = true;
  const waits = openWaits(driver.run);
  const { ended } = driver.run.state;
  const written = ended.length;
  const record = { ...recordOf(driver, waits.length > 0 ? 'waiting' : 'running', waits), steps: ended.slice() };
  const { seen } = driver.run.state;
  callStore('blokWaits', { record, opened, ...(opened.length > 0 && seen.length > 0 ? { seen: seen.slice() } : {}) })
    .then((events) =>
      post(driver, () => {
        driver.writingWaits = false;
        forgetRecords(driver.run, written);
        driver.stepsDone += written;
        for (const event of events) receive(driver.run, { ...event, key: event.key ?? null, told: false });
      }),
    )
    .catch(() =>
      post(driver, () => {
        driver.writingWaits = false;
      }),
    );
}

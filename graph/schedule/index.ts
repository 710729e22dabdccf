/** When a `schedule` fires. The sandbox must not load this, because the rules of time zones change. */
export { type Cron, parseCron } from './cron.ts';
export { OVERLAPS, readSchedule, type ScheduleSpec } from './read.ts';
export { temporalCron } from './temporal-cron.ts';
export { firingKey, isSameInUtc, nextTimes, type Times, timesAtChanges } from './times.ts';

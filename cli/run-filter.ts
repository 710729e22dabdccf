import type { Command } from 'commander';
import type { RunsAsked } from './calls/runs.ts';
import { badInput } from './errors.ts';

/** Options that say which runs are meant. */
export interface RunOptions extends Omit<RunsAsked, 'version' | 'retrying'> {
  readonly ofVersion?: string;
  /** How long ago: `12h`. */
  readonly since?: string;
}

/** Adds the options that say which runs are meant. */
export const withRunFilter = (command: Command): Command =>
  command
    .option('--workflow <name>', 'of this workflow')
    .option('--of-version <number>', 'of this version of the workflow')
    .option('--status <status>', 'with this status')
    .option('--trigger <id>', 'started by this trigger')
    .option('--uses <type>', 'started by triggers of this type, such as schedule')
    .option('--error <code>', 'with this error')
    .option('--text <words>', 'whose error has these words')
    .option('--key <key>', 'with this idempotency key, or for this event')
    .option('--label <label>', 'with this label')
    .option('--parent <run>', 'called by this run')
    .option('--waits <kind>', 'that wait for: timer, event, approval, retry, queue')
    .option('--from <time>', 'started at this time or later')
    .option('--to <time>', 'started before this time')
    .option('--since <duration>', 'started within this time: 30m, 12h, 7d')
    .option('--filter <name>', 'that fit a saved filter, too');

/** What the API is asked for. */
export function runsAsked({ since, ofVersion, ...given }: RunOptions, now: number): RunsAsked {
  return {
    ...given,
    ...(ofVersion !== undefined && { version: ofVersion }),
    ...(since !== undefined && { from: timeBefore(since, now) }),
  };
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The time so long ago: `30m`, `12h`, `7d`. */
function timeBefore(since: string, now: number): string {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(since) ?? [];
  if (amount === undefined) throw badInput(`--since ${since} is no duration.`, 'Write 30m, 12h or 7d.');
  return new Date(now - Number(amount) * UNITS[unit!]!).toISOString();
}

import { parseDuration } from '../duration.ts';
import { isZone } from '../expression/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { type Cron, parseCron } from './cron.ts';
import type { Times } from './times.ts';

/** What happens if the last run is still running. */
export const OVERLAPS = ['skip', 'bufferOne', 'bufferAll', 'cancelOther', 'terminateOther', 'allowAll'] as const;

/** What a `schedule` trigger asks for. */
export interface ScheduleSpec {
  readonly times: Times;
  readonly jitterMs: number;
  readonly catchUpMs: number;
  readonly overlap: (typeof OVERLAPS)[number];
}

/** Something that is wrong with the parameters. `path` is a JSON Pointer below `with`. */
export interface ScheduleProblem {
  readonly code: 'missing-parameter' | 'bad-parameter';
  readonly path: string;
  readonly message: string;
  readonly hint?: string;
}

/** What is made up for after downtime if the trigger does not say. */
const CATCH_UP_MS = 600_000;

/** Most expressions of one trigger. */
export const MAX_CRONS = 50;

const CRON_HINT =
  'Five fields: minute, hour, day of the month, month, day of the week. `0 2 * * mon-fri` is two in the morning on workdays. A sixth field, in front, is the second.';

/** Reads the parameters of a `schedule`. Texts with an expression are skipped: their values are known when it is set up. */
export function readSchedule(given: JsonObject): { spec: ScheduleSpec; problems: ScheduleProblem[] } {
  const problems: ScheduleProblem[] = [];
  const zone = readZone(given.timezone, problems);
  const { crons, everyMs } = readTimes(given, zone, problems);
  const start = readInstant('start', given.start, problems);
  const end = readInstant('end', given.end, problems);
  if (start !== null && end !== null && end < start)
    problems.push({ code: 'bad-parameter', path: '/end', message: '`end` is before `start`, so it never fires.' });
  const spec: ScheduleSpec = {
    times: { crons, everyMs, zone, start, end },
    jitterMs: readDuration('jitter', given.jitter, problems) ?? 0,
    catchUpMs: readDuration('catchUp', given.catchUp, problems) ?? CATCH_UP_MS,
    overlap: readOverlap(given.overlap, problems),
  };
  return { spec, problems };
}

const isKnown = (value: Json | undefined): value is string => typeof value === 'string' && !value.includes('${{');

function readTimes(
  given: JsonObject,
  zone: string,
  problems: ScheduleProblem[],
): { crons: Cron[]; everyMs: number | null } {
  const { cron, every } = given;
  const none = { crons: [], everyMs: null };
  if (cron === undefined && every === undefined) {
    problems.push({ code: 'missing-parameter', path: '', message: '`schedule` needs `cron` or `every`.' });
    return none;
  }
  if (cron !== undefined && every !== undefined) {
    const hint = 'Remove one, or declare two triggers.';
    problems.push({
      code: 'bad-parameter',
      path: '/every',
      message: '`schedule` takes `cron` or `every`, not both.',
      hint,
    });
    return none;
  }
  if (cron === undefined) {
    const everyMs = readDuration('every', every, problems);
    if (everyMs !== null && (everyMs < 1000 || everyMs % 1000 !== 0)) {
      const wrong = everyMs < 1000 ? 'shorter than a second' : 'not a number of whole seconds';
      problems.push({ code: 'bad-parameter', path: '/every', message: `\`${String(every)}\` is ${wrong}.` });
      return none;
    }
    return { crons: [], everyMs };
  }
  return { crons: readCrons(cron, zone, problems), everyMs: null };
}

function readCrons(cron: Json, zone: string, problems: ScheduleProblem[]): Cron[] {
  return [cron].flat().flatMap((text, index) => {
    if (!isKnown(text)) return [];
    const read = parseCron(text, zone);
    if (!('wrong' in read)) return [read];
    const path = Array.isArray(cron) ? `/cron/${index}` : '/cron';
    const message = `\`${text.slice(0, 80)}\` is not a cron expression: ${read.wrong}.`;
    problems.push({ code: 'bad-parameter', path, message, hint: read.hint ?? CRON_HINT });
    return [];
  });
}

function readZone(zone: Json | undefined, problems: ScheduleProblem[]): string {
  if (!isKnown(zone)) return 'UTC';
  if (isZone(zone)) return zone;
  const hint = 'Use its IANA name, such as `Europe/Berlin`.';
  problems.push({
    code: 'bad-parameter',
    path: '/timezone',
    message: `There is no time zone \`${zone.slice(0, 60)}\`.`,
    hint,
  });
  return 'UTC';
}

function readInstant(name: string, value: Json | undefined, problems: ScheduleProblem[]): number | null {
  if (!isKnown(value)) return null;
  const ms = INSTANT.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(ms)) return ms;
  const hint = 'Write a time with its offset, such as `2026-03-01T00:00:00Z` or `2026-03-01T00:00:00+01:00`.';
  problems.push({ code: 'bad-parameter', path: `/${name}`, message: `\`${value.slice(0, 60)}\` is not a time.`, hint });
  return null;
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** The form of a duration is checked by the schema; here a value that came from a variable is. */
function readDuration(name: string, value: Json | undefined, problems: ScheduleProblem[]): number | null {
  if (value === undefined || (typeof value === 'string' && value.includes('${{'))) return null;
  const ms = typeof value === 'string' ? parseDuration(value) : null;
  if (ms === null)
    problems.push({
      code: 'bad-parameter',
      path: `/${name}`,
      message: `\`${name}\` is not a duration such as \`1h30m\`.`,
    });
  return ms;
}

function readOverlap(value: Json | undefined, problems: ScheduleProblem[]): ScheduleSpec['overlap'] {
  if (value === undefined || (typeof value === 'string' && value.includes('${{'))) return 'skip';
  const known = OVERLAPS.find((overlap) => overlap === value);
  if (!known) {
    const message = `\`overlap\` is one of ${OVERLAPS.join(', ')}.`;
    problems.push({ code: 'bad-parameter', path: '/overlap', message });
  }
  return known ?? 'skip';
}

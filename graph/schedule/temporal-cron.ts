import type { Cron } from './cron.ts';

const ALL = { second: 60, minute: 60, hour: 24, day: 31, month: 12, weekday: 7 };

/**
 * The expressions that mean the same to Temporal: seven fields, the second first and the year last. Temporal asks for
 * both days, so two expressions say "either".
 */
export function temporalCron({ seconds, minutes, hours, days, months, weekdays, eitherDay }: Cron): string[] {
  const clock = [field(seconds, ALL.second), field(minutes, ALL.minute), field(hours, ALL.hour)].join(' ');
  const [day, month, weekday] = [field(days, ALL.day), field(months, ALL.month), field(weekdays, ALL.weekday)];
  if (!eitherDay) return [`${clock} ${day} ${month} ${weekday} *`];
  return [`${clock} ${day} ${month} * *`, `${clock} * ${month} ${weekday} *`];
}

const field = (values: readonly number[], all: number): string => (values.length === all ? '*' : values.join(','));

import { describe, expect, it } from 'vitest';
import { parseCron } from './cron.ts';
import { readSchedule } from './read.ts';

const read = (text: string) => {
  const cron = parseCron(text);
  if ('wrong' in cron) throw new Error(cron.wrong);
  return cron;
};

describe('parseCron', () => {
  it.each([
    ...['* * * * *', '*/5 * * * *', '0 2 1,15 jan-mar mon-fri', '0-30/10 9-17 * * 0,7', '@daily', ' 0 2 * * * '],
    ...['0 0 29 2 *', '0 0 30 2 mon', '30 0 2 * * *', '@HOURLY', '0 9 * JUL WED', '0 9 * * sat-sun', '5/15 * * * *'],
  ])('takes %s', (text) => {
    expect(parseCron(text)).not.toHaveProperty('wrong');
  });

  it.each([
    ...['', '* * * *', '* * * * * * *', '60 * * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '5-1 * * * *'],
    ...[
      '*/0 * * * *',
      'a * * * *',
      '1--2 * * * *',
      '@often',
      '1,, * * * *',
      '60 * * * * *',
      '1-2-3 * * * *',
      '-1 * * * *',
    ],
  ])('refuses %j', (text) => {
    expect(parseCron(text)).toHaveProperty('wrong');
  });

  it.each([
    ['0 0 L * *', '`L`', '28-31'],
    ['0 0 L-2 * *', '`L`', '28-31'],
    ['0 0 * * 5L', '`L`', '28-31'],
    ['0 0 15W * *', '`W`', 'mon-fri'],
    ['0 0 LW * *', '`W`', 'mon-fri'],
    ['0 0 * * mon#1', '`#`', '1-7'],
    ['0 0 ? * mon', '`?`', 'Write `*`'],
    ['0 0 30 2 *', '30 feb', ''],
    ['0 0 31 4,6 *', '31 apr or jun', ''],
    ['@every 5m', 'interval', 'every: 5m'],
    ['CRON_TZ=Europe/Berlin 0 9 * * *', 'time zone', 'timezone: Europe/Berlin'],
    ['@reboot', 'no such word', '@daily'],
    ['0 0 0 1 1 * 2027', '7 fields', '`start` and `end`'],
    ['50-10 * * * *', 'backwards', '50-59,0-10'],
  ])('says what is wrong with %s, and what to write instead', (text, wrong, hint) => {
    const cron = parseCron(text);
    expect('wrong' in cron && cron.wrong).toContain(wrong);
    if (hint) expect('wrong' in cron && cron.hint).toContain(hint);
  });

  it('takes either day if both are limited, as cron does, and both otherwise', () => {
    expect(read('0 0 13 * fri').eitherDay).toBe(true);
    expect(read('0 0 * * fri').eitherDay).toBe(false);
    expect(read('0 0 */2 * fri').eitherDay).toBe(false);
  });

  it('takes Sunday as 0 and as 7, and the second first', () => {
    expect(read('0 0 * * 6-7').weekdays).toEqual([0, 6]);
    expect(read('15,45 0 2 * * *')).toMatchObject({ seconds: [15, 45], minutes: [0], hours: [2] });
  });
});

describe('readSchedule', () => {
  const problems = (given: Parameters<typeof readSchedule>[0]) =>
    readSchedule(given).problems.map(({ path, message }) => `${path} ${message}`);

  it.each([
    [{}, 'needs `cron` or `every`'],
    [{ cron: '@daily', every: '1h' }, 'not both'],
    [{ every: '500ms' }, 'shorter than a second'],
    [{ every: '1s500ms' }, 'whole seconds'],
    [{ cron: '@daily', timezone: 'Europe/Berln' }, 'no time zone'],
    [{ cron: '@daily', start: 'tomorrow' }, 'is not a time'],
    [{ cron: '@daily', start: '2026-01-01T00:00' }, 'is not a time'],
    [{ cron: '@daily', start: '2026-02-01T00:00:00Z', end: '2026-01-01T00:00:00Z' }, 'never fires'],
    [{ cron: '@daily', overlap: 'sometimes' }, 'one of skip'],
    [{ cron: ['@daily', '0 0 L * *'] }, '/cron/1'],
    [{ cron: '@daily', catchUp: 'long' }, 'not a duration'],
  ])('says what is wrong with %j', (given, expected) => {
    expect(problems(given).join('\n')).toContain(expected);
  });

  it.each([
    ['0 9 L * *', "date.add(trigger.scheduledAt, 1, 'day', 'Pacific/Auckland'), 'day', 'Pacific/Auckland') == 1"],
    ['0 9 * * mon#1', "date.get(trigger.scheduledAt, 'weekday', 'Pacific/Auckland') == 1"],
  ])('helps to do without the letter of %s on the days of its own zone', (cron, expected) => {
    expect(readSchedule({ cron, timezone: 'Pacific/Auckland' }).problems[0]?.hint).toContain(expected);
    expect(readSchedule({ cron }).problems[0]?.hint).not.toContain('Pacific');
  });

  it('leaves alone what a variable decides', () => {
    const text = `\${{ vars.x }}`;
    expect(problems({ cron: text, timezone: text, jitter: text, start: text, overlap: text })).toEqual([]);
  });
});

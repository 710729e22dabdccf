/**
 * Expressions with a time zone are computed by activities, and their results are in the history: a replay with other
 * zone rules is the same. Patterns, hashes and dates of mail run in the sandbox itself, whose realm is frozen.
 */
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../scripts/testing/needs.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { soundResultOf } from '../../worker/testing/history.ts';
import { testNodes } from '../../worker/testing/nodes.ts';
import { startTestWorker, type TestWorker } from '../../worker/testing/worker.ts';

describeWith(['temporal'], 'time zones and patterns in a run', () => {
  let test: TestWorker;
  beforeAll(async () => {
    test = await startTestWorker({ nodes: testNodes().nodes });
  });
  afterAll(() => test.dispose());

  const graph = (body: object): string => JSON.stringify({ blok: 1, name: 'zoned', ...body });

  it('are computed wherever an expression may stand, and recorded', async () => {
    const handle = await test.start(
      graph({
        concurrency: { key: "${{ date.format(input.at, 'YYYY-MM-DD', input.zone) }}", limit: 1 },
        nodes: {
          past: { uses: 'wait', with: { until: "${{ date.next(input.at, '08:00', 'Europe/Berlin') }}" } },
          open: {
            uses: 'if',
            needs: ['past'],
            with: { test: "${{ date.get(input.at, 'hour', input.zone) >= 13 }}" },
          },
          days: {
            uses: 'forEach',
            needs: ['open.true'],
            with: { items: "${{ [0, 1].map(n => date.add(input.at, n, 'day', 'Europe/Berlin')) }}" },
            nodes: {
              one: { uses: 'test.echo', with: { value: "${{ date.format(item, 'HH:mm', 'Europe/Berlin') }}" } },
            },
            output: "${{ nodes.one.value + date.format(item, ' Z', 'Europe/Berlin') }}",
          },
        },
        output: "${{ nodes.days.results.concat(date.format(input.at, 'dddd', 'Asia/Tokyo')) }}",
      }),
      { input: { at: '2026-03-28T12:00:00Z', zone: 'Europe/Berlin' } },
    );
    const result = await soundResultOf(test.client, handle);
    expect(result).toMatchObject({ status: 'succeeded', output: ['13:00 +01:00', '13:00 +02:00', 'Saturday'] });
    const history = await handle.fetchHistory();
    const types = history.events!.flatMap(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
    );
    expect(types.filter((type) => type === 'blokEvaluate').length).toBeGreaterThan(4);
    // A replay needs no zone rules.
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history, handle.workflowId);
  });

  it('fail their node if the zone does not exist', async () => {
    const handle = await test.start(
      graph({ nodes: { c: { uses: 'if', with: { test: "${{ date.get(0, 'hour', input) == 1 }}" } } } }),
      { input: 'Europe/Berln' },
    );
    const { error } = await soundResultOf(test.client, handle);
    expect(error).toMatchObject({ code: 'expression', step: 'c' });
    expect(error?.message).toContain('There is no time zone "Europe/Berln"');
  });

  it('need no activity if no zone is named', async () => {
    const handle = await test.start(
      graph({
        nodes: {
          c: {
            uses: 'if',
            with: { test: "${{ regex.test(input, '^(mon|tue)', 'i') && unique([1, 1]).length == 1 }}" },
          },
          t: {
            uses: 'set',
            needs: ['c.true'],
            with: {
              value: [
                "${{ regex.replace(input, '(\\\\d+)', '<$1>') }}",
                "${{ date.format(Date.parse(input), 'DD.MM.YY WW') }}",
                "${{ date.parse('1.2.26', 'D.M.YY') }}",
                "${{ extract.emails('a@b.org c@d.org').length }}",
                "${{ hash.hmac('a', 'b', 'md5') }}",
              ],
            },
          },
        },
        output: '${{ nodes.t }}',
      }),
      { input: 'Mon, 02 Mar 2026 07:28:00 GMT' },
    );
    expect(await soundResultOf(test.client, handle)).toMatchObject({
      status: 'succeeded',
      output: [
        'Mon, <02> Mar <2026> <07>:<28>:<00> GMT',
        '02.03.26 10',
        '2026-02-01T00:00:00.000Z',
        2,
        '5e69fae25f4b4f3e8cc5de09a8163520',
      ],
    });
    const { events } = await handle.fetchHistory();
    expect(events!.filter((event) => event.activityTaskScheduledEventAttributes)).toEqual([]);
  });
});

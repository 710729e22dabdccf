import { describe, expect, test } from 'vitest';
import { endsOf, type Run } from './ends.ts';
import { courseOf } from './memory.ts';
import { kindOf, rightOutput } from './mix.ts';
import { missedBy, render, type Steady } from './report.ts';
import type { Sent } from './traffic.ts';

const COUNT = 30;
/** A request that is a run of three steps. */
const STEPS = 5;
const numbers = Array.from({ length: COUNT }, (_, number) => number);
const sent: Sent[] = numbers.map((number) => ({ kind: kindOf(number), number, ms: number, isAccepted: true }));
const runs: Run[] = numbers.map((number) => ({
  id: `run-${number}`,
  status: 'succeeded',
  input: { number },
  output: rightOutput(number),
}));
const kept = new Map(numbers.filter((n) => kindOf(n) === 'three steps').map((n) => [String(n), 1]));

/** Memory of ten minutes, looked at every two seconds. */
const courseWhere = (mbAt: (minute: number) => number) =>
  courseOf(Array.from({ length: 300 }, (_, i) => ({ at: i / 300, mb: mbAt(i / 30) })));

function steadyWith(
  seen: { sent?: Sent[]; runs?: Run[]; kept?: ReadonlyMap<string, number> } = {},
  more: Partial<Steady> = {},
): Steady {
  const given = { sent, runs, kept, ...seen };
  return {
    ...{ callers: 32, most: 50, offered: 35, minutes: 10, before: [], sent: given.sent, isAlive: true },
    ends: endsOf(given.sent, given.runs, given.kept),
    memory: courseWhere(() => 500),
    ...more,
  };
}

const changed = (number: number, change: Partial<Run>): Run[] =>
  runs.map((run) => (run.input?.number === number ? { ...run, ...change } : run));

describe('the gates of the steady load', () => {
  test('are met when every run ended right, once, and memory stayed', () => {
    expect(missedBy(steadyWith())).toEqual([]);
  });

  test.each<[name: string, steady: Steady, missed: string]>([
    ['a run that is not there', steadyWith({ runs: runs.slice(1) }), 'lost: 1 (0)'],
    ['a run that does not end', steadyWith({ runs: changed(3, { status: 'running', output: null }) }), 'lost: 1 (3)'],
    ['a run that failed', steadyWith({ runs: changed(3, { status: 'failed' }) }), 'ended wrong: 1 (3)'],
    ['the output of another', steadyWith({ runs: changed(3, { output: rightOutput(4) }) }), 'ended wrong: 1 (3)'],
    ['two runs of a request', steadyWith({ runs: [...runs, { ...runs[7]!, id: 'again' }] }), 'ran twice: 1 (7)'],
    [
      'a run that nobody asked for',
      steadyWith({ runs: [...runs, { ...runs[7]!, id: 'stranger', input: null }] }),
      'runs that nobody asked for: 1 (stranger)',
    ],
    [
      'an effect that is missing',
      steadyWith({ kept: new Map([...kept].filter(([key]) => key !== String(STEPS))) }),
      `effects missing or doubled: 1 (${STEPS})`,
    ],
    [
      'an effect that happened twice',
      steadyWith({ kept: new Map([...kept, [String(STEPS), 2]]) }),
      `effects missing or doubled: 1 (${STEPS})`,
    ],
    [
      'a request that was refused, and has no run',
      steadyWith({
        sent: sent.map((one) => (one.number === 0 ? { ...one, isAccepted: false, fault: '503 too many' } : one)),
        runs: runs.slice(1),
      }),
      'answered wrong: 1 (0: 503 too many)',
    ],
    [
      'memory that grows by 5 MB a minute',
      steadyWith({}, { memory: courseWhere((minute) => 500 + 5 * minute) }),
      'memory went from 515 to 545 MB',
    ],
    ['a process that ended', steadyWith({}, { isAlive: false }), 'the process of API and worker ended'],
  ])('find %s', (_, steady, missed) => {
    expect(missedBy(steady)).toEqual([missed]);
  });

  test('let memory go up and down, and grow before the second minute', () => {
    const memory = courseWhere((minute) => (minute < 2 ? 300 + 100 * minute : 500) + 40 * Math.sin(20 * minute));
    expect(missedBy(steadyWith({}, { memory }))).toEqual([]);
  });
});

test('one minute says nothing about memory', () => {
  const memory = courseWhere((minute) => 300 + 20 * minute);
  expect(missedBy(steadyWith({}, { memory, minutes: 1 }))).toEqual([]);
});

test('the tables tell the times of the first and of the last third', () => {
  expect(render(steadyWith())).toContain('| webhook | 10 | 4.0 ms | 10 ms | 22 ms | 28 ms |');
});

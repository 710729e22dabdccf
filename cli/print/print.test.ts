import { describe, expect, it } from 'vitest';
import type { Problem } from '../../graph/problems/problem.ts';
import type { StepRecord } from '../../graph/run-state/state/types.ts';
import { createScreen } from '../screen.ts';
import { problemLines } from './problems.ts';
import { table } from './table.ts';
import { elapsed, formatElapsed } from './time.ts';
import { splitPath, treeLines } from './tree.ts';
import { waitLines } from './waits.ts';

const NOW = Date.parse('2026-11-21T10:00:10.000Z');
const step = (path: string, changes: Partial<StepRecord> = {}): StepRecord => ({
  path,
  node: path,
  type: 'set',
  status: 'succeeded',
  attempts: 1,
  startedAt: '2026-11-21T10:00:00.000Z',
  endedAt: '2026-11-21T10:00:00.084Z',
  ...changes,
});

describe('formatElapsed', () => {
  it.each([
    [0, '0 ms'],
    [84.4, '84 ms'],
    [1234, '1.2 s'],
    [42_000, '42 s'],
    [60_000, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [90 * 86_400_000, '90 d'],
  ])('%d ms is %s', (ms, text) => expect(formatElapsed(ms)).toBe(text));

  it('counts up to now while the step is running', () =>
    expect(elapsed('2026-11-21T10:00:00.000Z', null, NOW)).toBe('10 s'));
  it('is empty before the step has begun', () => expect(elapsed(null, null, NOW)).toBe(''));
});

describe('treeLines', () => {
  it('splits step paths', () => {
    expect(splitPath('each[3].load.catch.tell')).toEqual(['each', '[3]', 'load', 'catch', 'tell']);
  });

  it('nests steps by their path, with status, type, time, port, attempts and error', () => {
    const error = { code: 'http.503', message: 'down\nmore', step: 'b', node: 'b', attempts: 3, unknown: false };
    const lines = treeLines(
      [
        step('small', { type: 'if', port: 'false' }),
        step('load', { type: 'try', status: 'running', endedAt: null }),
        step('load.file', { type: 'file.read', label: 'Read it' }),
        step('load.b', { type: 'http.request', status: 'failed', attempts: 3, error }),
        step('load.catch.tell', { type: 'log', status: 'running', endedAt: null }),
        step('never', { status: 'skipped', startedAt: null, endedAt: null }),
      ],
      NOW,
    );
    expect(lines).toEqual([
      '✔ small             if            84 ms  → false',
      '● load              try           10 s',
      '  ✔ file “Read it”  file.read     84 ms',
      '  ✖ b               http.request  84 ms  3 attempts  http.503: down',
      '  ● catch',
      '    ● tell          log           10 s',
      '– never             set           skipped',
    ]);
  });

  it('shows the troubled rounds of a long loop and counts the rest', () => {
    const rounds = Array.from({ length: 10_000 }, (_, i) =>
      step(`each[${i}].send`, {
        type: 'http.request',
        status: i === 7777 ? 'failed' : i === 3 ? 'skipped' : 'succeeded',
      }),
    );
    const lines = treeLines([step('each', { type: 'forEach' }), ...rounds], NOW);
    expect(lines).toHaveLength(1 + 8 * 2 + 1);
    expect(lines).toContain('  ✖ [7777]');
    expect(lines.indexOf('  ✔ [0]')).toBeLessThan(lines.indexOf('  ✖ [7777]'));
    expect(lines.at(-1)).toBe('  … 9992 more (1 skipped, 9991 succeeded)');
  });

  it('prints nothing for a run without steps', () => expect(treeLines([], NOW)).toEqual([]));
});

describe('waitLines', () => {
  const since = '2026-11-21T10:00:00.000Z';
  it('says how to decide an approval', () => {
    const wait = {
      step: 'lead',
      kind: 'approval',
      since,
      until: '2026-11-23T10:00:00.000Z',
      detail: { title: 'Expense of 250' },
    };
    expect(waitLines('r1', wait)).toEqual([
      '◷ lead waits for an approval: Expense of 250, until 2026-11-23T10:00:00.000Z',
      '    npx blok approve r1 lead            (or add --reject)',
    ]);
  });
  it('says how to send an event, quoted for a shell', () => {
    const wait = { step: 'paid', kind: 'event', since, event: 'order.paid', key: "it's 42" };
    expect(waitLines('r1', wait)).toEqual([
      "◷ paid waits for the event order.paid with the key 'it'\\''s 42'",
      "    npx blok event order.paid --key 'it'\\''s 42' --data '{}'",
    ]);
  });
  it('says until when a timer or a retry waits', () => {
    const until = '2027-02-19T10:00:00.000Z';
    expect(waitLines('r1', { step: 'later', kind: 'timer', since, until })).toEqual([`◷ later waits, until ${until}`]);
    expect(waitLines('r1', { step: 'a', kind: 'retry', since, until, detail: { code: 'http.503' } })).toEqual([
      `◷ a failed (http.503) and is tried again at ${until}`,
    ]);
  });
});

describe('problemLines', () => {
  it('points editors at the place', () => {
    const problem: Problem = {
      severity: 'error',
      code: 'not-upstream',
      path: '/nodes/b/with',
      message: 'c is not upstream',
      hint: 'add needs',
      line: 7,
      column: 12,
    };
    expect(
      problemLines('a.yaml', [problem, { severity: 'warning', code: 'too-large', path: '/x', message: 'big' }]),
    ).toEqual(['a.yaml:7:12 not-upstream c is not upstream', '  add needs', 'a.yaml warning too-large big (at /x)']);
  });
});

describe('table', () => {
  it('aligns columns and leaves no white space at line ends', () => {
    expect(
      table(
        ['a', 'name'],
        [
          ['10', ''],
          ['2', 'x'],
        ],
      ),
    ).toEqual(['a   name', '10', '2   x']);
  });
});

describe('createScreen', () => {
  it('draws over what it drew, cut to the size of the terminal', () => {
    const written: string[] = [];
    const screen = createScreen({ columns: 6, rows: 4, write: (text) => written.push(text) });
    screen.draw(['1234567', 'b']);
    screen.draw(['a', 'b', 'c', 'd']);
    expect(written).toEqual(['\x1b[0J12345\nb\n', '\x1b[2A\x1b[0Ja\nb\n… 2 m\n']);
  });
});

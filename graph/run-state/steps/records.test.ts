import { describe, expect, it } from 'vitest';
import { openSteps } from '../index.ts';
import { play } from '../testing/game.ts';

describe('step records', () => {
  it('say what went in and out, by which port, how often and when', () => {
    const game = play('nodes: { a: { uses: t.do, label: Charge, with: { x: "${{ 1 + 1 }}" } } }')
      .pass('2s')
      .ok('a', { id: 1 });
    expect(game.steps).toEqual([
      {
        path: 'a',
        node: 'a',
        type: 't.do',
        label: 'Charge',
        status: 'succeeded',
        port: 'out',
        input: { x: 2 },
        output: { id: 1 },
        attempts: 1,
        startedAt: '2026-01-01T00:00:00.000Z',
        endedAt: '2026-01-01T00:00:02.000Z',
      },
    ]);
  });

  it('cut a value that is too long to a preview', () => {
    const game = play('nodes: { a: { uses: t.do, with: { t: "${{ input }}" } } }', { input: 'x'.repeat(40_000) }).ok(
      'a',
      'y'.repeat(40_000),
    );
    expect(game.step('a')).toMatchObject({ inputPreview: { size: 40_008 }, outputPreview: { size: 40_002 } });
    expect(game.step('a').outputPreview?.preview).toHaveLength(1_000);
    expect(game.step('a')).not.toHaveProperty('output');
  });

  it('show what is under way', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  w: { uses: approval, with: { to: ["role:x"], title: t }, notify: { uses: t.do, with: { u: "\${{ resume.url }}" } } }
  t: { uses: try, nodes: { b: { uses: t.do } } }
  later: { uses: t.do, needs: [a] }`);
    expect(openSteps(game.run).map(({ path, status }) => [path, status])).toEqual([
      ['a', 'running'],
      ['t', 'running'],
      ['w', 'waiting'],
      ['t.b', 'running'],
      ['w.notify', 'running'],
    ]);
  });

  it('each step has one, and only one', () => {
    const game = play(`
nodes:
  a: { uses: t.do, if: "\${{ true }}" }
  b: { uses: t.do, needs: [a.error] }
  c: { uses: t.do, needs: [b, a], join: all }
  d: { uses: set, needs: [a, b], join: any, with: { value: 1 } }`).ok('a');
    expect(game.steps.map(({ path }) => path)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('step paths', () => {
  it('are those of the language', () => {
    const game = play(`
nodes:
  each:
    uses: forEach
    with: { items: [1] }
    nodes:
      poll:
        uses: while
        with: { state: 0, test: "\${{ state < 1 }}" }
        nodes:
          load:
            uses: try
            nodes:
              race: { uses: race, nodes: { a: { uses: t.do, compensate: { uses: t.do } } } }
              bad: { uses: fail, needs: [race.a], with: { code: x, message: x } }
            catch: { nodes: { tell: { uses: log, with: { message: x } } } }
            finally: { nodes: { remove: { uses: log, with: { message: x } } } }
        output: "\${{ state + 1 }}"
  ask: { uses: approval, with: { to: ["role:x"], title: t }, notify: { uses: t.do } }`);
    game.ok('ask.notify').ok('each[0].poll[0].load.race.a').ok('each[0].poll[0].load.race.a.compensate');
    expect(game.steps.map(({ path }) => path)).toEqual([
      'ask.notify',
      'each[0].poll[0].load.race.a',
      'each[0].poll[0].load.race',
      'each[0].poll[0].load.bad',
      'each[0].poll[0].load.race.a.compensate',
      'each[0].poll[0].load.catch.tell',
      'each[0].poll[0].load.finally.remove',
      'each[0].poll[0].load',
      'each[0].poll',
      'each',
    ]);
  });
});

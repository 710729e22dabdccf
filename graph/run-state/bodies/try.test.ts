import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

describe('try', () => {
  const graph = `
nodes:
  load:
    uses: try
    nodes:
      file: { uses: t.do }
      save: { uses: t.do, needs: [file], with: { rows: "\${{ nodes.file.rows }}" } }
    output: { rows: "\${{ nodes.save }}" }
    catch:
      if: "\${{ error.code != 'fatal' }}"
      nodes: { tell: { uses: t.do, with: { text: "\${{ error.step + ' ' + error.code }}", file: "\${{ nodes.file?.rows ?? 'none' }}" } } }
      output: { rows: 0 }
    finally: { nodes: { remove: { uses: t.do, with: { error: "\${{ error?.code ?? 'fine' }}", save: "\${{ nodes.save ?? 'none' }}" } } } }
  done: { uses: set, needs: [load], with: { value: "\${{ [nodes.load.rows, errors.load?.code] }}" } }
output: "\${{ nodes.done }}"`;

  it('yields the result of its body; finally runs, and sees no error', () => {
    const game = play(graph).ok('load.file', { rows: 5 }).ok('load.save', 5);
    expect(game.call('load.finally.remove').with?.value).toEqual({ error: 'fine', save: 5 });
    game.ok('load.finally.remove');
    expect(game.output).toEqual([5, null]);
    expect(game.log).toEqual(['load.file', 'load.save', 'load.finally.remove']);
  });

  it('yields the result of its catch; `errors` keeps the caught error', () => {
    const game = play(graph).ok('load.file', { rows: 5 }).bad('load.save', 'db.down');
    expect(game.call('load.catch.tell').with?.value).toEqual({ text: 'load.save db.down', file: 5 });
    game.ok('load.catch.tell');
    expect(game.call('load.finally.remove').with?.value).toEqual({ error: 'fine', save: 'none' });
    game.ok('load.finally.remove');
    expect([game.status, game.output]).toEqual(['succeeded', [0, 'db.down']]);
    expect(game.step('load')).toMatchObject({ status: 'succeeded', port: 'out', error: { code: 'db.down' } });
  });

  it('a node of the body that never started is null in catch and finally', () => {
    const game = play(graph).bad('load.file', 'gone');
    expect(game.call('load.catch.tell').with?.value).toEqual({ text: 'load.file gone', file: 'none' });
  });

  it('does not catch what its `if` refuses; finally sees the error', () => {
    const game = play(graph).bad('load.file', 'fatal');
    expect(game.call('load.finally.remove').with?.value).toEqual({ error: 'fatal', save: 'none' });
    game.ok('load.finally.remove');
    expect(game.error).toMatchObject({ code: 'fatal', step: 'load.file' });
  });

  it('when the catch fails, that is the error, with the first as its cause; finally runs', () => {
    const game = play(graph).bad('load.file', 'gone').bad('load.catch.tell', 'slack.down').ok('load.finally.remove');
    expect(game.error).toMatchObject({
      code: 'slack.down',
      step: 'load.catch.tell',
      cause: { code: 'gone', step: 'load.file', message: 'gone at load.file' },
    });
  });

  it('when its `if` fails, that is the error, with the first as its cause', () => {
    const game = play(graph.replace("error.code != 'fatal'", 'error.details.x')).bad('load.file', 'gone');
    game.ok('load.finally.remove');
    expect(game.error).toMatchObject({ code: 'expression', step: 'load', cause: { code: 'gone' } });
  });

  it('when finally fails, the node fails, although the body succeeded', () => {
    const game = play(graph).ok('load.file', { rows: 1 }).ok('load.save', 1).bad('load.finally.remove', 'locked');
    expect(game.error).toMatchObject({ code: 'locked', step: 'load.finally.remove' });
    expect(game.error?.cause).toBeUndefined();
  });

  it('without catch, an error passes through finally', () => {
    const game = play(
      'nodes: { t: { uses: try, nodes: { a: { uses: t.do } }, finally: { nodes: { b: { uses: t.do } } } } }',
    );
    game.bad('t.a', 'x').ok('t.finally.b');
    expect(game.error).toMatchObject({ code: 'x', step: 't.a' });
  });

  it('an empty catch swallows the error; without output the result is null', () => {
    const game = play(
      'nodes: { t: { uses: try, nodes: { a: { uses: t.do } }, catch: { nodes: {} } } }\noutput: "${{ [nodes.t, errors.t.code] }}"',
    );
    expect(game.bad('t.a', 'x').output).toEqual([null, 'x']);
  });

  it('its timeout bounds the body only, and is caught like any error', () => {
    const game = play(graph.replace('uses: try', 'uses: try\n    timeout: 10m')).pass('10m');
    expect(game.call('load.catch.tell').with?.value).toMatchObject({ text: 'load timeout' });
    game.pass('1d').ok('load.catch.tell').pass('1d').ok('load.finally.remove');
    expect(game.output).toEqual([0, 'timeout']);
  });

  it('a body done in time is not timed out by its finally', () => {
    const game = play(graph.replace('uses: try', 'uses: try\n    timeout: 10m'))
      .ok('load.file', { rows: 1 })
      .ok('load.save', 1);
    expect(game.pass('1d').timers()).toEqual([]);
    expect(game.ok('load.finally.remove').status).toBe('succeeded');
  });

  it('catches the failure of a container inside, with the error of the innermost step', () => {
    const game = play(`
nodes:
  t:
    uses: try
    nodes:
      each: { uses: forEach, with: { items: [1] }, nodes: { a: { uses: t.do } } }
    catch: { nodes: { c: { uses: set, with: { value: "\${{ [error.step, errors.each.step, nodes.each] }}" } } }, output: "\${{ nodes.c }}" }
output: "\${{ nodes.t }}"`);
    expect(game.bad('t.each[0].a').output).toEqual(['t.each[0].a', 't.each[0].a', null]);
  });

  it('sees nodes around it that only the catch or finally reads, and the loop it is in', () => {
    const game = play(`
nodes:
  before: { uses: set, with: { value: B } }
  each:
    uses: forEach
    needs: [before]
    with: { items: [7] }
    nodes:
      t:
        uses: try
        nodes: { a: { uses: t.do } }
        catch: { nodes: { c: { uses: t.do, with: { v: "\${{ [nodes.before, item, loops.each.index, error.code] }}" } } } }
        finally: { nodes: { f: { uses: t.do, with: { v: "\${{ [nodes.before, index, error] }}" } } } }`);
    game.bad('each[0].t.a', 'x');
    expect(game.call('each[0].t.catch.c').with?.value).toEqual({ v: ['B', 7, 0, 'x'] });
    game.ok('each[0].t.catch.c');
    expect(game.call('each[0].t.finally.f').with?.value).toEqual({ v: ['B', 0, null] });
  });
});

describe('`error` in a container that a live .error link started', () => {
  it('is in scope inside, too', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  mend:
    uses: while
    needs: [a.error]
    with: { state: 0, test: "\${{ error.code == 'x' && state < 1 }}" }
    nodes: { b: { uses: t.do, with: { why: "\${{ error.code }}" } } }
    output: "\${{ state + 1 }}"`);
    game.bad('a', 'x');
    expect(game.call('mend[0].b').with?.value).toEqual({ why: 'x' });
    game.snapshot().ok('mend[0].b');
    expect(game.status).toBe('succeeded');
  });
});

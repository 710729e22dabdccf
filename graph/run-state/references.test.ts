import { describe, expect, it } from 'vitest';
import { Reference } from '../expression/runtime.ts';
import { play } from './testing/game.ts';

const big = (inline = {}) => new Reference({ sha256: 'ab12', size: 50_000, preview: '{"rows":[', inline });

/** The `evaluate` commands so far. */
const asked = (game: ReturnType<typeof play>) =>
  game.commands.flatMap((command) => (command.do === 'evaluate' ? [command.call] : []));

describe('data held by reference', () => {
  it('travels on as a reference beside the parameters, and into the record as one', () => {
    const game = play(
      'nodes: { a: { uses: t.do }, b: { uses: t.do, needs: [a], with: { all: "${{ nodes.a }}", rows: "${{ nodes.a.rows }}" } } }',
    );
    game.ok('a', big());
    expect(game.call('b').with).toEqual({
      value: { all: null, rows: null },
      refs: [
        { at: '/all', ref: { sha256: 'ab12', size: 50_000, preview: '{"rows":[' } },
        { at: '/rows', ref: { sha256: 'ab12', size: 50_000, preview: '{"rows":[' }, pointer: '/rows' },
      ],
    });
    expect(game.step('a')).toMatchObject({ outputRef: { sha256: 'ab12', size: 50_000 } });
  });

  it('is read inline where the activity returned the value', () => {
    const game = play(
      'nodes: { a: { uses: t.do }, c: { uses: if, needs: [a], with: { test: "${{ nodes.a.rows.length > 2 }}" } } }\noutput: "${{ nodes.c }}"',
    );
    expect(game.plan.body.nodes[0]?.effect?.inline).toEqual(['/rows/length']);
    game.ok('a', big({ '/rows/length': 3 }));
    expect([game.output, asked(game)]).toEqual([true, []]);
  });

  it('parameters that compute with it are resolved in the activity, with just what they read', () => {
    const game = play(
      'nodes: { a: { uses: t.do }, b: { uses: t.do, needs: [a], with: { n: "${{ nodes.a.rows.filter(r => r.ok) }}" } } }',
    );
    game.ok('a', big());
    expect(game.call('b').with).toBeUndefined();
    expect(game.call('b').deferred?.scope).toEqual({
      value: { nodes: { a: null } },
      refs: [{ at: '/nodes/a', ref: { sha256: 'ab12', size: 50_000, preview: '{"rows":[' } }],
    });
  });

  it('a condition that needs it is computed by an activity; then the node goes on', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  g: { uses: t.do, needs: [a], if: "\${{ nodes.a.go }}", with: { x: "\${{ now }}" } }
  c: { uses: if, needs: [a], with: { test: "\${{ nodes.a.go }}" } }
  yes: { uses: t.do, needs: [c.true] }`);
    game.ok('a', big());
    expect(asked(game).map(({ path, key }) => [path, key])).toEqual([
      ['c:test', 'test'],
      ['g:if', 'if'],
    ]);
    expect([game.pending, game.run.state.inFlight]).toEqual([[], 0]);
    game.computed('g:if', false).snapshot().computed('c:test', true);
    expect(game.ends).toEqual({ a: 'succeeded', g: 'skipped', c: 'succeeded' });
    expect(game.pending).toEqual(['yes']);
  });

  it('parameters of waits, switches and answers are asked for; the guard is not read again', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  w: { uses: wait, needs: [a], if: "\${{ now < '2026-01-01T00:00:01' }}", with: { for: "\${{ nodes.a.delay }}" } }`);
    game.ok('a', big()).pass('5s').computed('w:for', '1m');
    expect(game.timers()).toEqual(['w~until']);
  });

  it('a value that is too large for its parameter fails the node', () => {
    const game = play(
      'nodes: { a: { uses: t.do }, s: { uses: switch, needs: [a], with: { value: "${{ nodes.a.kind }}", cases: [{ port: x, is: x }] } } }',
    );
    game.ok('a', big()).computed('s:value', big());
    expect(game.error).toMatchObject({
      code: 'input.invalid',
      step: 's',
      message: 'with.value: the value is too large; at most 32 KB are allowed here.',
    });
  });

  it('a value that could not be computed fails the node that asked, as if it had failed here', () => {
    const game = play(`
nodes:
  a: { uses: t.do, compensate: { uses: t.do } }
  w:
    uses: while
    needs: [a]
    with: { state: 0, test: "\${{ nodes.a.more[state] }}" }
    nodes: { b: { uses: t.do, compensate: { uses: t.do } } }
    output: "\${{ state + 1 }}"`);
    game.ok('a', big()).computed('w:test', true).ok('w[0].b').notComputed('w:test', 'expression');
    game.ok('w[0].b.compensate').ok('a.compensate');
    expect(game.error).toMatchObject({ code: 'expression', step: 'w' });
    expect(game.ends.w).toBe('failed');
  });

  it('the if of a catch', () => {
    const graph = `
nodes:
  a: { uses: t.do }
  t:
    uses: try
    needs: [a]
    nodes: { x: { uses: t.do } }
    catch: { if: "\${{ nodes.a.codes.includes(error.code) }}", nodes: { c: { uses: t.do } } }
    finally: { nodes: { f: { uses: t.do } } }`;
    const start = () => play(graph).ok('a', big()).bad('t.x', 'known');
    expect(start().computed('t:catch.if', true).pending).toEqual(['t.catch.c']);
    expect(start().computed('t:catch.if', false).ok('t.finally.f').error?.code).toBe('known');
    expect(start().notComputed('t:catch.if', 'expression').ok('t.finally.f').error).toMatchObject({
      code: 'expression',
      cause: { code: 'known' },
    });
    const cancelled = start().cancel().ok('t.finally.f');
    expect([cancelled.status, cancelled.run.state.evaluations]).toEqual(['cancelled', {}]);
  });

  it('the output of a body', () => {
    const graph = `
nodes:
  a: { uses: t.do, compensate: { uses: t.do } }
  each:
    uses: forEach
    needs: [a]
    with: { items: [1, 2], concurrency: 2 }
    nodes: { x: { uses: set, with: { value: 1 } } }
    output: "\${{ nodes.a.rows.length + index }}"
output: "\${{ nodes.each.results }}"`;
    const game = play(graph).ok('a', big());
    game.computed('each[1]/:output', 11).snapshot().computed('each[0]/:output', 10);
    expect(game.output).toEqual([10, 11]);
    const failed = play(graph).ok('a', big()).notComputed('each[1]/:output', 'expression');
    expect(failed.run.state.evaluations).toEqual({});
    expect(failed.computed('each[0]/:output', 10).ok('a.compensate').error).toMatchObject({
      code: 'expression',
      step: 'each[1].output',
      node: 'each',
    });
  });

  it('data nodes that compute with it are computed whole; merely passing it on costs nothing', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  pass: { uses: set, needs: [a], with: { value: { rows: "\${{ nodes.a.rows }}" } } }
  some: { uses: filter, needs: [a], with: { items: "\${{ nodes.a.rows }}", test: "\${{ item.ok }}" } }
  say: { uses: log, needs: [a], with: { message: "\${{ nodes.a.rows.length }} rows" } }
output: "\${{ nodes.some }}"`);
    game.ok('a', big());
    expect(game.ends).toEqual({ a: 'succeeded', pass: 'succeeded' });
    expect(asked(game)).toMatchObject([
      { path: 'say:with', key: 'with' },
      { path: 'some:with', data: 'filter' },
    ]);
    game.computed('some:with', [1]).computed('say:with', { message: '5 rows' });
    expect(game.step('say').input).toEqual({ message: '5 rows' });
    expect([game.status, game.output]).toEqual(['succeeded', [1]]);
  });

  it('a list by reference goes to child workflows; where it cannot, the node says why', () => {
    const graph = (body: string) => `
nodes:
  a: { uses: t.do }
  each: { uses: forEach, needs: [a], with: { items: "\${{ nodes.a.rows }}", batch: 10 }, nodes: { x: { ${body} } } }`;
    const game = play(graph('uses: t.do')).ok('a', big());
    expect(game.commands.at(-1)).toMatchObject({
      do: 'each',
      call: { batch: 10, items: { value: null, refs: [{ at: '', pointer: '/rows' }] } },
    });
    expect(play(graph('uses: stop')).ok('a', big()).error).toMatchObject({ code: 'input.invalid', step: 'each' });
  });

  it('an answer that comes after its node was cancelled is ignored', () => {
    const game = play(
      'nodes: { a: { uses: t.do }, c: { uses: if, needs: [a], with: { test: "${{ nodes.a.go }}" } }, b: { uses: t.do } }',
    );
    game.ok('a', big()).bad('b').computed('c:test', true);
    expect(game.ends).toEqual({ a: 'succeeded', b: 'failed', c: 'cancelled' });
  });

  it('an answer that comes while the run is paused starts nothing', () => {
    const game = play('nodes: { a: { uses: t.do }, c: { uses: t.do, needs: [a], if: "${{ nodes.a.go }}" } }');
    game.ok('a', big()).pause().computed('c:if', true);
    expect(game.pending).toEqual([]);
    expect(game.resume().pending).toEqual(['c']);
  });

  it('survives a snapshot wherever it is: outputs, items, state, undo lists', () => {
    const game = play(`
nodes:
  a: { uses: t.do, compensate: { uses: t.do, with: { a: "\${{ nodes.a }}" } } }
  each:
    uses: forEach
    needs: [a]
    with: { items: ["\${{ nodes.a.x }}", 2] }
    nodes: { b: { uses: t.do, with: { item: "\${{ item }}" } } }`);
    game.ok('a', big()).snapshot();
    expect(game.call('each[0].b').with?.refs).toMatchObject([{ at: '/item', pointer: '/x' }]);
    game.ok('each[0].b').snapshot().bad('each[1].b');
    expect(game.call('a.compensate').with?.refs).toMatchObject([{ at: '/a', ref: { sha256: 'ab12' } }]);
  });
});

import { describe, expect, it } from 'vitest';
import { play } from './testing/game.ts';

describe('error', () => {
  it('is null where a link from a failure is not what started the node', () => {
    const graph = `
nodes:
  a: { uses: t.do }
  b: { uses: t.do }
  c: { uses: set, needs: [a.error, b], join: any, with: { value: "\${{ error?.code ?? 'none' }}" } }
output: "\${{ nodes.c }}"`;
    const well = play(graph);
    well.ok('a');
    well.ok('b');
    expect(well.output).toBe('none');
    const badly = play(graph);
    badly.bad('a', 'boom');
    badly.ok('b');
    expect(badly.output).toBe('boom');
  });

  it('stays that of the catch around such a node', () => {
    const game = play(`
nodes:
  t:
    uses: try
    nodes: { x: { uses: fail, with: { code: outer, message: m } } }
    catch:
      nodes:
        a: { uses: t.do }
        b: { uses: set, with: { value: 1 } }
        c: { uses: set, needs: [a.error, b], join: any, with: { value: "\${{ error.code }}" } }
      output: "\${{ nodes.c }}"
output: "\${{ nodes.t }}"`);
    game.ok('t.catch.a');
    expect(game.output).toBe('outer');
  });
});

describe('a failure', () => {
  it('that nothing handles fails the run: what waits ends, what runs is asked to stop, nothing new starts', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  b: { uses: t.do }
  w: { uses: wait, with: { for: 1d } }
  next: { uses: t.do, needs: [b] }`);
    game.bad('a', 'http.404', { details: { status: 404 } });
    expect(game.log).toEqual(['a', 'b', 'cancel b']);
    expect(game.ends).toEqual({ a: 'failed', b: 'cancelled', w: 'cancelled' });
    expect([game.status, game.output, game.timers()]).toEqual(['failed', null, []]);
    expect(game.error).toEqual({
      code: 'http.404',
      message: 'http.404 at a',
      step: 'a',
      node: 'a',
      attempts: 1,
      unknown: false,
      details: { status: 404 },
    });
  });

  it('is handled by a link from .error, which sees `error`', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  mend: { uses: set, needs: [a.error], with: { value: "\${{ error.code + ' ' + error.step }}" } }
  next: { uses: t.do, needs: [a] }
output: "\${{ [nodes.mend, errors.a.code, nodes.a] }}"`);
    game.bad('a', 'http.500');
    expect(game.ends).toEqual({ a: 'failed', mend: 'succeeded', next: 'skipped' });
    expect(game.step('a').port).toBe('error');
    expect([game.status, game.output]).toEqual(['succeeded', ['http.500 a', 'http.500', null]]);
  });

  it('is handled by onError: continue; the node counts as done, its output is null', () => {
    const game = play(`
nodes:
  a: { uses: t.do, onError: continue }
  next: { uses: set, needs: [a], with: { value: "\${{ [nodes.a, errors.a.code] }}" } }
output: "\${{ nodes.next }}"`);
    game.bad('a');
    expect(game.step('a')).toMatchObject({ status: 'failed', port: 'out' });
    expect([game.status, game.output]).toEqual(['succeeded', [null, 'broken']]);
  });

  it('leaves by a needed .error port rather than by onError: continue', () => {
    const game = play(`
nodes:
  a: { uses: t.do, onError: continue }
  mend: { uses: t.do, needs: [a.error] }
  next: { uses: t.do, needs: [a] }`);
    game.bad('a');
    expect(game.pending).toEqual(['mend']);
    expect(game.ends.next).toBe('skipped');
  });

  it('a timeout leaves by .timeout, else by .error; another failure never by .timeout', () => {
    const graph = (needs: string) => `
nodes:
  a: { uses: t.do, timeout: 5s }
  h: { uses: set, needs: [${needs}], with: { value: "\${{ error.code }}" } }
output: "\${{ nodes.h }}"`;
    expect(play(graph('a.timeout')).bad('a', 'timeout').output).toBe('timeout');
    expect(play(graph('a.error')).bad('a', 'timeout').output).toBe('timeout');
    expect(play(graph('a.timeout')).bad('a', 'other').status).toBe('failed');
  });

  it('with both ports needed, a timeout leaves only by .timeout', () => {
    const game = play(`
nodes:
  a: { uses: t.do, timeout: 5s }
  t: { uses: t.do, needs: [a.timeout] }
  e: { uses: t.do, needs: [a.error] }`);
    game.bad('a', 'timeout');
    expect(game.pending).toEqual(['t']);
    expect(game.ends.e).toBe('skipped');
  });

  it('that an activity reports as cancelled, though nobody cancelled it, is a failure like any', () => {
    const game = play('nodes: { a: { uses: t.do, onError: continue }, b: { uses: t.do, needs: [a] } }');
    game.bad('a', 'cancelled', { cancelled: true, unknown: true });
    expect(game.pending).toEqual(['b']);
    expect(game.step('a').status).toBe('failed');
  });

  it('in parameters is an expression error that names the field', () => {
    const game = play('nodes: { a: { uses: t.do, with: { id: "${{ input.user.id }}" } } }', { input: { user: null } });
    expect(game.error).toMatchObject({ code: 'expression', step: 'a' });
    expect(game.error?.message).toContain('with.id');
    expect(game.log).toEqual([]);
  });

  it('in the output of the graph fails the run after its nodes succeeded', () => {
    const game = play('nodes: { a: { uses: t.do } }\noutput: "${{ nodes.a.x }}"').ok('a', null);
    expect(game.error).toMatchObject({ code: 'expression', step: 'output', node: '' });
    expect(game.ends).toEqual({ a: 'succeeded' });
  });

  it('two at once: the first is the error of the run', () => {
    const game = play(`
nodes:
  a: { uses: t.do, compensate: { uses: t.do } }
  b: { uses: t.do }`);
    game.bad('b', 'first').bad('a', 'second');
    expect(game.error?.code).toBe('first');
    expect(game.ends).toEqual({ b: 'failed', a: 'cancelled' });
  });
});

describe('types with ports of their own', () => {
  const graph = `
nodes:
  p: { uses: t.pick }
  y: { uses: t.do, needs: [p.yes] }
  n: { uses: t.do, needs: [p.no] }`;

  it('leave by the port their output names', () => {
    const game = play(graph).ok('p', { port: 'no', why: 1 });
    expect(game.pending).toEqual(['n']);
    expect(game.ends.y).toBe('skipped');
  });

  it('fail if it names none', () => {
    const game = play(graph).ok('p', { port: 'maybe' });
    expect(game.error).toMatchObject({ code: 'output.invalid', unknown: true });
  });
});

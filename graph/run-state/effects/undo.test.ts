import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

const undone = (log: readonly string[]) => log.filter((id) => id.endsWith('.compensate'));
const undo = 'compensate: { uses: t.do }';

describe('compensate', () => {
  it('undoes a failed run, newest completion first, one at a time', () => {
    const game = play(`
nodes:
  a: { uses: t.do, ${undo} }
  b: { uses: t.do, ${undo} }
  c: { uses: t.do, needs: [a, b], join: all, compensate: { uses: t.do, with: { id: "\${{ nodes.c.id }}", why: "\${{ error.code }}", run: "\${{ run.id }}" } } }
  d: { uses: t.do, needs: [c] }`);
    game.ok('b').ok('a').ok('c', { id: 9 }).bad('d', 'boom');
    expect(game.pending).toEqual(['c.compensate']);
    expect(game.call('c.compensate')).toMatchObject({
      path: 'c.compensate',
      id: 'c.compensate',
      uses: 't.do',
      awaited: true,
      with: { value: { id: 9, why: 'boom', run: 'run-1' } },
    });
    game.ok('c.compensate');
    expect(game.pending).toEqual(['a.compensate']);
    expect(game.status).toBe('open');
    game.ok('a.compensate').ok('b.compensate');
    expect(game.status).toBe('failed');
    expect(game.error).toEqual(expect.not.objectContaining({ undo: expect.anything() }));
    expect(game.step('a.compensate')).toMatchObject({ node: 'a', type: 't.do', status: 'succeeded' });
  });

  it('undoes an effect of unknown outcome, whose own output is null then', () => {
    const game = play(`
nodes:
  a: { uses: t.do, compensate: { uses: t.do, with: { known: "\${{ nodes.a != null }}" } } }`);
    game.bad('a', 'timeout', { unknown: true });
    expect(game.call('a.compensate').with?.value).toEqual({ known: false });
    game.ok('a.compensate');
    expect(game.error?.code).toBe('timeout');
  });

  it('does not undo steps that certainly failed, were skipped or never ran', () => {
    const game = play(`
nodes:
  a: { uses: t.do, ${undo} }
  b: { uses: t.do, if: "\${{ false }}", ${undo} }
  c: { uses: t.do, needs: [a], ${undo} }`);
    game.bad('a');
    expect([game.status, undone(game.log)]).toEqual(['failed', []]);
  });

  it('a failure with unknown outcome that is handled is still on the list', () => {
    const game = play(`
nodes:
  a: { uses: t.do, onError: continue, ${undo} }
  b: { uses: t.do, needs: [a] }`);
    game.bad('a', 'timeout', { unknown: true }).bad('b');
    expect(undone(game.log)).toEqual(['a.compensate']);
  });

  it('awaits effects that can be undone when their body fails, and undoes them if they happened', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  b: { uses: t.do, ${undo} }
  c: { uses: t.do, ${undo} }`);
    game.bad('a', 'boom');
    expect(game.log.slice(3)).toEqual(['cancel b', 'cancel c']);
    game.ok('b');
    expect(undone(game.log)).toEqual([]);
    game.bad('c', 'cancelled', { cancelled: true });
    expect(undone(game.log)).toEqual(['b.compensate']);
    expect(game.ends).toEqual({ a: 'failed', b: 'succeeded', c: 'cancelled' });
    game.ok('b.compensate');
    expect(game.error?.code).toBe('boom');
  });

  it('a failed undo is listed in error.undo, and the others go on', () => {
    const game = play(`
nodes:
  a: { uses: t.do, ${undo} }
  b: { uses: t.do, needs: [a], compensate: { uses: t.do, with: { x: "\${{ nodes.b.no.thing }}" } } }
  c: { uses: t.do, needs: [b], ${undo} }
  d: { uses: t.do, needs: [c] }`);
    game.ok('a').ok('b', {}).ok('c').bad('d', 'boom');
    game.bad('c.compensate', 'refund.refused').ok('a.compensate');
    expect(game.error).toMatchObject({
      code: 'boom',
      undo: [
        { step: 'c.compensate', error: { code: 'refund.refused', step: 'c.compensate' } },
        { step: 'b.compensate', error: { code: 'expression' } },
      ],
    });
    expect(game.ends['b.compensate']).toBe('failed');
  });

  it('each undo has its own retry', () => {
    const game = play(`
nodes:
  a: { uses: t.do, compensate: { uses: t.do, timeout: 2h, retry: { maxAttempts: 2, delay: 20m, maxDelay: 20m } } }
  b: { uses: t.do, needs: [a] }`);
    game.ok('a').bad('b').bad('a.compensate', 'busy', { retryable: true, attempt: 1 });
    expect(game.status).toBe('open');
    expect(game.waits).toMatchObject([{ step: 'a.compensate', kind: 'retry' }]);
    game.snapshot().pass('20m');
    expect(game.log.at(-1)).toBe('a.compensate#2');
    game.ok('a.compensate');
    expect([game.status, game.error?.undo]).toEqual(['failed', undefined]);
  });

  it('a run that succeeds undoes nothing', () => {
    const game = play(`nodes: { a: { uses: t.do, ${undo} } }`).ok('a');
    expect([game.status, game.log]).toEqual(['succeeded', ['a']]);
  });

  it('a failed output of the graph undoes the run', () => {
    const game = play(`nodes: { a: { uses: t.do, ${undo} } }\noutput: "\${{ nodes.a.x.y }}"`).ok('a', {});
    expect(undone(game.ok('a.compensate').log)).toEqual(['a.compensate']);
  });
});

describe('undo of containers', () => {
  it('a failed try is undone before its catch runs', () => {
    const game = play(`
nodes:
  t:
    uses: try
    nodes: { a: { uses: t.do, ${undo} }, b: { uses: t.do, needs: [a] } }
    catch: { nodes: { tell: { uses: t.do } } }`);
    game.ok('t.a').bad('t.b');
    expect(game.pending).toEqual(['t.a.compensate']);
    game.ok('t.a.compensate');
    expect(game.pending).toEqual(['t.catch.tell']);
  });

  it('a body that succeeds hands its list up, however deep, in order of completion', () => {
    const game = play(`
nodes:
  first: { uses: t.do, ${undo} }
  t:
    uses: try
    nodes:
      each: { uses: forEach, with: { items: [1, 2], concurrency: 2 }, nodes: { a: { uses: t.do, ${undo} } } }
    finally: { nodes: { f: { uses: t.do, ${undo} } } }
  last: { uses: t.do, needs: [t] }`);
    game.ok('t.each[1].a').ok('first').ok('t.each[0].a').ok('t.finally.f').bad('last');
    for (const path of ['t.finally.f', 't.each[0].a', 'first', 't.each[1].a']) game.ok(`${path}.compensate`);
    expect(game.status).toBe('failed');
  });

  it('a handled failure of a container undoes what was done inside it, and nothing else', () => {
    const game = play(`
nodes:
  first: { uses: t.do, ${undo} }
  t: { uses: try, needs: [first], onError: continue, nodes: { a: { uses: t.do, ${undo} }, b: { uses: t.do, needs: [a] } } }
  next: { uses: t.do, needs: [t] }`);
    game.ok('first').ok('t.a').bad('t.b', 'boom').ok('t.a.compensate');
    expect(game.pending).toEqual(['next']);
    expect(undone(game.log)).toEqual(['t.a.compensate']);
  });

  it('all rounds of a loop are one body: a failing item undoes the finished ones', () => {
    const game = play(`
nodes:
  each: { uses: forEach, with: { items: [1, 2, 3] }, nodes: { a: { uses: t.do, ${undo} }, b: { uses: t.do, needs: [a] } } }`);
    game.ok('each[0].a').ok('each[0].b').ok('each[1].a').bad('each[1].b', 'boom');
    game.ok('each[1].a.compensate').ok('each[0].a.compensate');
    expect(game.error).toMatchObject({ code: 'boom', step: 'each[1].b' });
    expect(game.ends.each).toBe('failed');
  });

  it('under onItemError: continue each item is its own', () => {
    const game = play(`
nodes:
  each:
    uses: forEach
    with: { items: [1, 2], concurrency: 2, onItemError: continue }
    nodes: { a: { uses: t.do, ${undo} }, b: { uses: t.do, needs: [a] } }
  after: { uses: t.do, needs: [each] }`);
    game.ok('each[0].a').ok('each[1].a').bad('each[1].b');
    expect(undone(game.log)).toEqual(['each[1].a.compensate']);
    game.bad('each[1].a.compensate', 'stuck').ok('each[0].b');
    expect(game.step('each').output).toMatchObject({
      errors: [{ index: 1, error: { undo: [{ step: 'each[1].a.compensate' }] } }],
    });
    game.bad('after', 'boom').ok('each[0].a.compensate');
    expect([game.status, undone(game.log)]).toEqual(['failed', ['each[1].a.compensate', 'each[0].a.compensate']]);
  });

  it('while: all rounds are undone; under max: unlimited the finished ones are final', () => {
    const graph = (max: string) => `
nodes:
  w:
    uses: while
    with: { test: "\${{ true }}"${max} }
    nodes: { a: { uses: t.do, ${undo} }, b: { uses: t.do, needs: [a] } }`;
    const rounds = (max: string) =>
      play(graph(max)).ok('w[0].a').ok('w[0].b').ok('w[1].a').bad('w[1].b').ok('w[1].a.compensate');
    const limited = rounds(', max: 10');
    expect(limited.pending).toEqual(['w[0].a.compensate']);
    const endless = rounds(', max: unlimited');
    expect([endless.status, undone(endless.log)]).toEqual(['failed', ['w[1].a.compensate']]);
  });

  it('failed undo steps of inner bodies reach the error of the run', () => {
    const game = play(`
nodes:
  t:
    uses: try
    nodes: { a: { uses: t.do, ${undo} }, b: { uses: t.do, needs: [a] } }`);
    game.ok('t.a').bad('t.b', 'boom').bad('t.a.compensate', 'stuck');
    expect(game.error).toMatchObject({ code: 'boom', undo: [{ step: 't.a.compensate', error: { code: 'stuck' } }] });
    expect(game.error?.undo).toHaveLength(1);
  });

  it('a long list of undo steps that fail at once does not grow the stack', () => {
    const game = play(
      `
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", concurrency: 500 }
    nodes: { a: { uses: t.do, compensate: { uses: t.do, with: { x: "\${{ nodes.a.y.z }}" } } } }
  b: { uses: t.do, needs: [each] }`,
      { input: Array.from({ length: 4_000 }, (_, i) => i), limits: { inlineItems: 10_000 } },
    );
    while (game.pending[0] !== 'b') game.ok(game.pending[0]!, {});
    game.bad('b');
    expect([game.status, game.error?.undo?.length]).toEqual(['failed', 4_000]);
  });
});

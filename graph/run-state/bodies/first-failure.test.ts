/** The first failure of a body stays its failure, whatever happens while the body closes and is undone. */
import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

const undo = 'compensate: { uses: t.do }';

/** A body that fails after a second while the real outcome of `b` is awaited. */
const FAILING = `{ w: { uses: wait, with: { for: 1s } }, f: { uses: fail, needs: [w], with: { code: own.bad, message: no } }, b: { uses: t.do, ${undo} } }`;

const around = (container: string): string => `
nodes:
  c: ${container}
  h: { uses: set, needs: [c.error], with: { value: "\${{ error.code + ' ' + error.step }}" } }
  late: { uses: set, needs: [c.timeout], with: { value: "\${{ error.code }}" } }
output: "\${{ nodes.h ?? nodes.late }}"`;

const CONTAINERS = {
  while: [`{ uses: while, timeout: 3s, with: { state: 0, test: "\${{ state < 1 }}" }, nodes: ${FAILING} }`, 'c[0]'],
  forEach: [`{ uses: forEach, timeout: 3s, with: { items: [1, 2] }, nodes: ${FAILING} }`, 'c[0]'],
  'forEach in batches': [
    `{ uses: forEach, timeout: 3s, with: { items: [1, 2], batch: 2 }, nodes: ${FAILING} }`,
    'c[0]',
  ],
  race: [`{ uses: race, timeout: 3s, nodes: ${FAILING} }`, 'c'],
  try: [
    `{ uses: try, timeout: 3s, nodes: ${FAILING}, finally: { nodes: { z: { uses: log, with: { message: z } } } } }`,
    'c',
  ],
} as const;

describe.each(Object.entries(CONTAINERS))('the timeout of a %s that is failing', (_name, [container, body]) => {
  it('does not replace the failure while a real outcome is awaited', () => {
    const game = play(around(container)).pass('4s');
    expect([game.pending, game.status]).toEqual([[`${body}.b`], 'open']);
    game.ok(`${body}.b`).ok(`${body}.b.compensate`);
    expect([game.status, game.output]).toEqual(['succeeded', `own.bad ${body}.f`]);
    expect(game.step('c')).toMatchObject({ status: 'failed', port: 'error' });
    expect(game.ends).toMatchObject({ h: 'succeeded', late: 'skipped' });
  });

  it('does not replace it during the undo either', () => {
    const game = play(around(container)).pass('2s').ok(`${body}.b`).pass('2s');
    expect(game.ok(`${body}.b.compensate`).output).toBe(`own.bad ${body}.f`);
  });

  it('is its failure if nothing has failed before', () => {
    const slow = container.replaceAll('for: 1s', 'for: 1h');
    const game = play(around(slow)).pass('4s').ok(`${body}.b`).ok(`${body}.b.compensate`);
    expect([game.output, game.ends.h]).toEqual(['timeout', 'skipped']);
  });
});

describe('a forEach with an item that fails', () => {
  const two = (more = '') => `
nodes:
  c:
    uses: forEach
    timeout: 10s
    with: { items: [1, 2], concurrency: 2${more} }
    nodes: { a: { uses: t.do }, b: { uses: t.do, ${undo} }, c2: { uses: t.do, needs: [a], ${undo} } }
  h: { uses: set, needs: [c.error], with: { value: "\${{ error.code + ' ' + error.step }}" } }
  late: { uses: set, needs: [c.timeout], with: { value: late } }
output: "\${{ nodes.h ?? nodes.late }}"`;

  it('closes its other items at once: nothing new starts in them', () => {
    const game = play(two()).bad('c[1].a', 'own.bad');
    expect(game.log.slice(4)).toEqual(['cancel c[1].b', 'cancel c[0].a', 'cancel c[0].b']);
    game.ok('c[0].b');
    expect(game.pending).toEqual(['c[1].b']);
    game.ok('c[1].b').ok('c[1].b.compensate').ok('c[0].b.compensate');
    expect(game.output).toBe('own.bad c[1].a');
  });

  it('fails with the first failure, though another item ends sooner', () => {
    const game = play(two()).ok('c[0].a').bad('c[0].c2', 'first').bad('c[1].b', 'second').ok('c[0].b');
    expect(game.ok('c[0].b.compensate').output).toBe('first c[0].c2');
  });

  it('names the undo steps that failed in it', () => {
    const game = play(two()).bad('c[1].a', 'own.bad').ok('c[0].b').ok('c[1].b');
    game.bad('c[1].b.compensate', 'stuck').ok('c[0].b.compensate');
    expect(game.step('c').error).toMatchObject({ code: 'own.bad', undo: [{ step: 'c[1].b.compensate' }] });
  });

  it('stays cancelled with the run', () => {
    const game = play(two()).bad('c[1].a', 'own.bad').cancel().ok('c[0].b').ok('c[1].b');
    game.ok('c[1].b.compensate').ok('c[0].b.compensate');
    expect([game.status, game.error?.code, game.ends.c]).toEqual(['cancelled', 'cancelled', 'cancelled']);
  });

  it('has not failed under onItemError: continue, but fails when its timeout expires', () => {
    const game = play(two(', onItemError: continue')).bad('c[1].a', 'own.bad').pass('11s');
    game.ok('c[0].b').ok('c[1].b').ok('c[1].b.compensate').ok('c[0].b.compensate');
    expect(game.output).toBe('late');
  });

  it('continues from a snapshot in the same state', () => {
    const game = play(two()).bad('c[1].a', 'own.bad').snapshot().pass('11s').snapshot();
    game.ok('c[0].b').ok('c[1].b').snapshot().ok('c[1].b.compensate').ok('c[0].b.compensate');
    expect(game.output).toBe('own.bad c[1].a');
  });
});

describe('a body around one that is failing', () => {
  const nested = (more = '') => `
${more}
nodes:
  o:
    uses: while
    timeout: 3s
    with: { state: 0, test: "\${{ state < 1 }}" }
    nodes: { i: { uses: try, nodes: ${FAILING}, catch: { nodes: { k: { uses: t.do } } } } }
  late: { uses: set, needs: [o.timeout], with: { value: "\${{ error.step }}" } }
output: "\${{ nodes.late }}"`;

  it('has not failed yet: the failure inside may be caught, so its timeout is its first failure', () => {
    const game = play(nested()).pass('4s').ok('o[0].i.b').ok('o[0].i.b.compensate');
    expect([game.status, game.output, game.log.includes('o[0].i.catch.k')]).toEqual(['succeeded', 'o', false]);
  });

  it('times out with the graph: links no longer handle that', () => {
    const game = play(nested('timeout: 2s')).pass('4s').ok('o[0].i.b').ok('o[0].i.b.compensate');
    expect([game.status, game.error?.code]).toEqual(['timed-out', 'timeout']);
  });

  it('keeps its own failure when the graph times out', () => {
    const game = play(`
timeout: 3s
nodes: ${FAILING}`);
    game.pass('4s').ok('b').ok('b.compensate');
    expect([game.status, game.error?.code]).toEqual(['failed', 'own.bad']);
  });
});

describe('a long forEach', () => {
  const long = `
nodes:
  e: { uses: forEach, timeout: 3s, with: { items: "\${{ input }}" }, nodes: { a: { uses: t.do, ${undo} } } }
  h: { uses: set, needs: [e.error], with: { value: "\${{ error.code }}" } }
  late: { uses: set, needs: [e.timeout], with: { value: late } }
output: "\${{ nodes.h ?? nodes.late }}"`;
  const options = { input: [1, 2, 3], limits: { inlineItems: 2 } };
  const error = (code: string) => ({ code, message: 'no', step: 'e[1].a', node: 'a', attempts: 1, unknown: false });

  it('fails with the failure that its child workflows had before its timeout', () => {
    const game = play(long, options).pass('4s');
    expect(game.commands.at(-1)).toEqual({ do: 'cancelEach', path: 'e' });
    expect(game.looped('e', { ok: false, error: error('own.bad'), undo: [] }).output).toBe('own.bad');
  });

  it('times out if they were only cancelled', () => {
    const game = play(long, options)
      .pass('4s')
      .looped('e', { ok: false, error: error('cancelled'), undo: [] });
    expect(game.output).toBe('late');
  });

  const part = (graph: string) => {
    const whole = play(graph).plan;
    const root = { nodes: [{ ...whole.body.nodes[0]!, with: ['v', { items: [1, 2], concurrency: 2 }] as const }] };
    return play(whole, { part: { root, key: '', offset: 0 } });
  };

  it('returns the failure of an item in a part that is cancelled while that item fails', () => {
    const graph = `
nodes:
  e: { uses: forEach, with: { items: [1] }, nodes: { a: { uses: t.do }, b: { uses: t.do, ${undo} } } }`;
    const failing = part(graph).bad('e[0].a', 'own.bad').cancel();
    failing.ok('e[0].b').ok('e[1].b');
    expect([failing.status, failing.error?.code]).toEqual(['failed', 'own.bad']);
    expect(failing.run.state.frames['']?.undo.map(({ path }) => path)).toEqual([
      'e[0].b.compensate',
      'e[1].b.compensate',
    ]);
    const cancelled = part(graph).cancel();
    cancelled.ok('e[0].b').ok('e[1].b');
    expect([cancelled.status, cancelled.error?.code]).toEqual(['cancelled', 'cancelled']);
  });
});

describe('a run that began with version 1', () => {
  it('behaves as before: the timeout of a loop replaces a failure that is closing the loop', () => {
    const game = play(around(CONTAINERS.while[0]), { version: 1 }).pass('4s').ok('c[0].b').ok('c[0].b.compensate');
    expect(game.output).toBe('timeout');
  });
});

import { describe, expect, it } from 'vitest';
import { play } from './testing/game.ts';

const nested = `
timeout: 1h
nodes:
  first: { uses: t.do, compensate: { uses: t.do } }
  t:
    uses: try
    needs: [first]
    nodes:
      each:
        uses: forEach
        with: { items: [1, 2], concurrency: 2 }
        nodes:
          a: { uses: t.do, compensate: { uses: t.do } }
          w: { uses: wait, needs: [a], with: { for: 1d } }
    catch: { nodes: { no: { uses: t.do } } }
    finally: { nodes: { clean: { uses: t.do, with: { why: "\${{ error.code }}" } } } }
  after: { uses: t.do, needs: [t.error], onError: continue }`;

describe('cancelling a run', () => {
  it('closes bodies inner first, undoes them, runs finally; no link, catch or continue handles it', () => {
    const game = play(nested).ok('first').ok('t.each[0].a').cancel();
    expect(game.ends).toMatchObject({ 't.each[0].w': 'cancelled' });
    expect(game.pending).toEqual(['t.each[1].a']);
    game.ok('t.each[1].a');
    game.ok('t.each[1].a.compensate').ok('t.each[0].a.compensate');
    expect(game.call('t.finally.clean').with?.value).toEqual({ why: 'cancelled' });
    game.ok('t.finally.clean').ok('first.compensate');
    expect([game.status, game.output]).toEqual(['cancelled', null]);
    expect(game.error).toMatchObject({ code: 'cancelled', message: 'Nobody wants it.', step: '' });
    expect(game.ends).toMatchObject({ t: 'cancelled', 't.each': 'cancelled' });
    expect(game.ends.after).toBeUndefined();
    expect(game.log).not.toContain('t.catch.no');
  });

  it('lets go of effects without compensate, and ignores their results', () => {
    const game = play('nodes: { a: { uses: t.do }, b: { uses: t.do } }').cancel();
    expect([game.status, game.log]).toEqual(['cancelled', ['a', 'b', 'cancel a', 'cancel b']]);
    expect(game.run.state.inFlight).toBe(0);
  });

  it('ends waits, approvals and back-off; their timers are cleared', () => {
    const game = play(`
nodes:
  w: { uses: wait, timeout: 2d, with: { for: 1d } }
  e: { uses: waitForEvent, timeout: 1d, with: { event: e } }
  p: { uses: approval, with: { to: ["role:x"], title: x }, notify: { uses: t.do } }
  r: { uses: t.do, retry: { maxAttempts: 9, delay: 15m, maxDelay: 1h }, timeout: 5h }`);
    game.bad('r', 'busy', { retryable: true, attempt: 1 }).cancel();
    expect([game.status, game.timers(), game.waits]).toEqual(['cancelled', [], []]);
    expect(game.run.state.inFlight).toBe(0);
  });

  it('twice changes nothing', () => {
    const game = play(nested).ok('first').ok('t.each[0].a').cancel();
    const before = game.log.length;
    game.cancel();
    expect(game.log.length).toBe(before);
  });

  it('while the run fails changes nothing: it fails', () => {
    const game = play(`
nodes: { a: { uses: t.do, compensate: { uses: t.do } }, b: { uses: t.do, needs: [a] } }`);
    game.ok('a').bad('b', 'boom').cancel().ok('a.compensate');
    expect([game.status, game.error?.code]).toEqual(['failed', 'boom']);
  });

  it('while a try is in its catch closes that; in its finally lets it end', () => {
    const graph = `
nodes:
  t:
    uses: try
    nodes: { a: { uses: t.do } }
    catch: { nodes: { c: { uses: t.do } } }
    finally: { nodes: { f: { uses: t.do }, g: { uses: wait, needs: [f], with: { for: 1h } } } }`;
    const caught = play(graph).bad('t.a').cancel();
    expect(caught.log).toEqual(['t.a', 't.catch.c', 'cancel t.catch.c', 't.finally.f']);
    const last = play(graph).ok('t.a').cancel();
    expect(last.pending).toEqual(['t.finally.f']);
    expect(last.ok('t.finally.f').pass('1h').status).toBe('cancelled');
  });

  it('while a failed container is being undone lets that end first', () => {
    const game = play(`
nodes:
  t:
    uses: try
    nodes: { a: { uses: t.do, compensate: { uses: t.do } }, b: { uses: t.do, needs: [a] } }
    catch: { nodes: { c: { uses: t.do } } }
    finally: { nodes: { f: { uses: t.do } } }`);
    game.ok('t.a').bad('t.b', 'boom').cancel();
    expect(game.pending).toEqual(['t.a.compensate']);
    game.bad('t.a.compensate', 'stuck').ok('t.finally.f');
    expect([game.status, game.log.includes('t.catch.c')]).toEqual(['cancelled', false]);
    expect(game.error).toMatchObject({ code: 'cancelled', undo: [{ step: 't.a.compensate' }] });
  });

  it('closes a loop together with a nested loop that closes at once', () => {
    const game = play(`
nodes:
  out:
    uses: forEach
    with: { items: [1, 2], concurrency: 2 }
    nodes:
      in: { uses: forEach, with: { items: [1, 2], concurrency: 2 }, nodes: { w: { uses: wait, with: { for: 1h } } } }`);
    expect(game.cancel().status).toBe('cancelled');
    expect(Object.keys(game.run.state.frames)).toEqual(['']);
  });
});

describe("the graph's timeout", () => {
  it('ends the run as timed-out, with finally and undo', () => {
    const game = play(nested).ok('first').ok('t.each[0].a').ok('t.each[1].a').pass('1h');
    game.ok('t.each[1].a.compensate').ok('t.each[0].a.compensate');
    expect(game.call('t.finally.clean').with?.value).toEqual({ why: 'timeout' });
    game.ok('t.finally.clean').ok('first.compensate');
    expect([game.status, game.error?.code, game.error?.step]).toEqual(['timed-out', 'timeout', '']);
  });

  it('does nothing to a run that is being cancelled or has ended', () => {
    const game = play(nested).ok('first').cancel().pass('1h');
    game.bad('t.each[0].a', 'cancelled', { cancelled: true }).bad('t.each[1].a', 'cancelled', { cancelled: true });
    game.ok('t.finally.clean').ok('first.compensate');
    expect(game.status).toBe('cancelled');
    const done = play('timeout: 1h\nnodes: { a: { uses: t.do } }').ok('a').pass('2h');
    expect(done.status).toBe('succeeded');
  });
});

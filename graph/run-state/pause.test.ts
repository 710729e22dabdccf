import { describe, expect, it } from 'vitest';
import { play } from './testing/game.ts';

describe('pause', () => {
  it('prevents only the start of steps: effects in flight finish', () => {
    const game = play('nodes: { a: { uses: t.do }, b: { uses: t.do, needs: [a] } }').pause().ok('a');
    expect([game.pending, game.ends]).toEqual([[], { a: 'succeeded' }]);
    expect(game.resume().pending).toEqual(['b']);
  });

  it('deadlines keep running; waits that expired end on resume', () => {
    const game = play(`
nodes:
  w: { uses: wait, with: { for: 1h } }
  e: { uses: waitForEvent, timeout: 2h, onError: continue, with: { event: e } }
  long: { uses: wait, with: { for: 4h } }`);
    game.pause().pass('3h');
    expect(game.ends).toEqual({});
    game.resume();
    expect(game.ends).toEqual({ w: 'succeeded', e: 'failed' });
    expect(game.pass('1h').status).toBe('succeeded');
  });

  it('an event or a decision still ends its wait', () => {
    const game = play(`
nodes:
  e: { uses: waitForEvent, timeout: 1h, with: { event: e } }
  next: { uses: t.do, needs: [e] }`);
    game.pause().pass('2h').event('e');
    expect([game.ends, game.pending]).toEqual([{ e: 'succeeded' }, []]);
    expect(game.resume().pending).toEqual(['next']);
  });

  it('does not hold up the end of a cancelled run', () => {
    const game = play('nodes: { a: { uses: t.do, compensate: { uses: t.do } }, b: { uses: t.do, needs: [a] } }');
    game.ok('a').cancel().pause();
    expect(game.pending).toEqual(['a.compensate']);
    expect(game.ok('a.compensate').status).toBe('cancelled');
    const failing = play('nodes: { a: { uses: t.do, compensate: { uses: t.do } }, b: { uses: t.do, needs: [a] } }');
    failing.ok('a').pause().bad('b').cancel().pause();
    expect(failing.pending).toEqual(['a.compensate']);
  });

  it('holds undo steps, too', () => {
    const game = play('nodes: { a: { uses: t.do, compensate: { uses: t.do } }, b: { uses: t.do, needs: [a] } }');
    game.ok('a').pause().bad('b');
    expect(game.pending).toEqual([]);
    expect(game.resume().pending).toEqual(['a.compensate']);
  });

  it('cancel overrides it', () => {
    const game = play(`
nodes:
  t: { uses: try, nodes: { a: { uses: t.do } }, finally: { nodes: { f: { uses: t.do } } } }`);
    game.pause().cancel();
    expect(game.pending).toEqual(['t.finally.f']);
    expect(game.ok('t.finally.f').status).toBe('cancelled');
  });

  it('ends on cancel, and what expired meanwhile goes on: the wait of a finally, the back-off of an undo', () => {
    const game = play(`
nodes:
  t: { uses: try, nodes: { a: { uses: t.do } }, finally: { nodes: { f: { uses: wait, with: { for: 1h } } } } }`);
    game.ok('t.a').pause().pass('2h').cancel();
    expect(game.status).toBe('cancelled');
  });

  it('a run that fails while paused is cancelled: its undo goes on', () => {
    const game = play('nodes: { a: { uses: t.do, compensate: { uses: t.do } }, b: { uses: t.do, needs: [a] } }');
    game.ok('a').pause().bad('b', 'boom').cancel().ok('a.compensate');
    expect([game.status, game.error?.code]).toEqual(['failed', 'boom']);
  });

  it("puts off the graph's timeout until the run resumes", () => {
    const game = play('timeout: 1h\nnodes: { a: { uses: t.do } }').pause().pass('2h');
    expect(game.status).toBe('open');
    expect(game.resume().status).toBe('timed-out');
  });

  it('survives a snapshot: expired waits still end on resume, once', () => {
    const game = play('nodes: { w: { uses: wait, with: { for: 1h } }, a: { uses: t.do, needs: [w] } }');
    game.pause().pass('2h').snapshot();
    expect(game.ends).toEqual({});
    expect(game.resume().log).toEqual(['a']);
  });
});

describe('draining, before a run goes on in a new execution', () => {
  it('starts nothing, not even the next attempt, until it goes on', () => {
    const game = play(`
nodes:
  a: { uses: t.do, timeout: 2h }
  b: { uses: t.do }
  c: { uses: t.do, needs: [b] }`);
    game.bad('a', 'busy', { retryable: true, attempt: 1, retryAfterMs: 1_200_000 });
    game.drain().ok('b').pass('20m');
    expect([game.pending, game.run.state.inFlight]).toEqual([[], 0]);
    game.snapshot();
    expect(game.pending.sort()).toEqual(['a', 'c']);
    expect(game.log.slice(2).sort()).toEqual(['a#2', 'c']);
  });
});

import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

const expired = { attempt: 1 };

describe('a step whose connection has lost its access', () => {
  it('fails at once, unless it says something else', () => {
    const game = play('nodes: { a: { uses: t.do } }').bad('a', 'connection.expired', expired);
    expect(game.error).toMatchObject({ code: 'connection.expired', attempts: 1 });
    const fail = play('nodes: { a: { uses: t.do, onExpired: fail } }').bad('a', 'connection.expired', expired);
    expect(fail.status).toBe('failed');
  });

  it('waits with `onExpired: wait`, for as long as it takes, and goes on when the connection has access again', () => {
    const game = play('nodes: { a: { uses: t.do, timeout: 10m, onExpired: wait, retry: { maxAttempts: 1 } } }');
    game.bad('a', 'connection.expired', expired);
    expect(game.waits).toMatchObject([{ step: 'a', kind: 'retry', detail: { code: 'connection.expired' } }]);
    // Much longer than the node's timeout, and many more looks than it has attempts.
    let looks = 0;
    for (let hours = 0; hours < 48; looks += 1) {
      const before = game.timers();
      expect(before).toEqual(['a~retry']);
      game.pass('5m');
      hours += 5 / 60;
      expect(game.call('a')).toMatchObject({ attemptsBefore: 0, timeoutMs: 600_000 });
      game.bad('a', 'connection.expired', expired).snapshot();
    }
    expect(looks).toBeGreaterThan(500);
    game.pass('5m').ok('a', { n: 1 });
    expect([game.status, game.step('a').attempts]).toEqual(['succeeded', 1]);
  });

  it('looks soon at first, and then ever more rarely', () => {
    const game = play('nodes: { a: { uses: t.do, onExpired: wait } }').bad('a', 'connection.expired', expired);
    game.pass('5s');
    expect(game.pending).toEqual(['a']);
    game.bad('a', 'connection.expired', expired).pass('4s');
    expect(game.pending).toEqual([]);
    game.pass('1s').bad('a', 'connection.expired', expired);
  });

  it('can be cancelled while it waits, and fails with what else goes wrong', () => {
    const cancelled = play('nodes: { a: { uses: t.do, onExpired: wait } }').bad('a', 'connection.expired', expired);
    expect(cancelled.cancel().status).toBe('cancelled');
    const other = play('nodes: { a: { uses: t.do, onExpired: wait } }').bad('a', 'http.404', expired);
    expect(other.error).toMatchObject({ code: 'http.404' });
  });
});

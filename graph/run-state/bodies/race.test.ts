import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

const graph = `
nodes:
  r:
    uses: race
    nodes:
      paid: { uses: waitForEvent, with: { event: paid } }
      remind: { uses: wait, with: { for: 1d } }
      mail: { uses: t.do, needs: [remind] }
      call: { uses: t.do }
  win: { uses: t.do, needs: [r.paid] }
  mailed: { uses: t.do, needs: [r.mail] }
  called: { uses: t.do, needs: [r.call] }
output: "\${{ nodes.r }}"`;

describe('race', () => {
  it('the end node that succeeds first wins and is the port; the others are cancelled', () => {
    const game = play(graph);
    game.event('paid', { data: 5 });
    expect(game.log).toEqual(['r.call', 'cancel r.call', 'win']);
    expect(game.ends).toMatchObject({
      'r.paid': 'succeeded',
      'r.remind': 'cancelled',
      'r.call': 'cancelled',
      mailed: 'skipped',
    });
    expect(game.step('r')).toMatchObject({ port: 'paid', output: { winner: 'paid', output: { data: 5 } } });
    expect(game.timers()).toEqual([]);
  });

  it('a node that others need cannot win', () => {
    const game = play(graph).pass('1d');
    expect(game.pending).toEqual(['r.call', 'r.mail']);
    game.ok('r.mail', 'sent');
    expect(game.step('r').output).toEqual({ winner: 'mail', output: 'sent' });
    expect(game.pending).toEqual(['mailed']);
  });

  it('a failure inside fails it', () => {
    const game = play(graph).bad('r.call', 'line.dead');
    expect(game.error).toMatchObject({ code: 'line.dead', step: 'r.call' });
    expect(game.ends.r).toBe('failed');
  });

  it('an end node whose failure is handled does not win; if none succeeds: race.none', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: t.do, onError: continue }
      b: { uses: t.do, if: "\${{ false }}" }`);
    game.bad('r.a');
    expect(game.error).toMatchObject({ code: 'race.none', step: 'r', node: 'r' });
  });

  it('undoes the losers, and keeps the branch of the winner in the list of the body around', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: t.do, compensate: { uses: t.do } }
      b: { uses: t.do, compensate: { uses: t.do } }
      a2: { uses: t.do, needs: [a], compensate: { uses: t.do } }
      b2: { uses: t.do, needs: [b] }
  after: { uses: t.do, needs: [r.a2] }`);
    game.ok('r.b').ok('r.a');
    game.ok('r.a2');
    expect(game.log.slice(4)).toEqual(['cancel r.b2', 'r.b.compensate']);
    game.ok('r.b.compensate');
    expect(game.pending).toEqual(['after']);
    game.bad('after', 'boom').ok('r.a2.compensate').ok('r.a.compensate');
    expect([game.status, game.pending]).toEqual(['failed', []]);
    expect(game.log.slice(6)).toEqual(['after', 'r.a2.compensate', 'r.a.compensate']);
  });

  it('keeps what containers of the winning branch did, and undoes what those of the others did', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: try, nodes: { x: { uses: set, with: { value: 1 } }, y: { uses: t.do, compensate: { uses: t.do } } } }
      b: { uses: try, nodes: { x2: { uses: t.do, compensate: { uses: t.do } } } }
      a2: { uses: t.do, needs: [a] }
      b2: { uses: t.do, needs: [b] }`);
    game.ok('r.b.x2').ok('r.a.y').ok('r.a2');
    expect(game.pending).toEqual(['r.b.x2.compensate']);
    game.ok('r.b.x2.compensate');
    expect([game.status, game.log.filter((id) => id.endsWith('compensate'))]).toEqual([
      'succeeded',
      ['r.b.x2.compensate'],
    ]);
  });

  it('continues from a snapshot that says `lost` for a race that was decided', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: t.do, compensate: { uses: t.do } }
      b: { uses: t.do }
      c: { uses: try, nodes: { d: { uses: t.do, compensate: { uses: t.do } } } }`);
    game.ok('r.b');
    let renamed = 0;
    game.snapshot((json) =>
      json.replace(/"reason":"decided"/g, () => {
        renamed++;
        return '"reason":"lost"';
      }),
    );
    expect(renamed).toBe(2);
    game.ok('r.a').ok('r.c.d').ok('r.c.d.compensate').ok('r.a.compensate');
    expect([game.status, game.step('r').port]).toEqual(['succeeded', 'b']);
  });

  it('a loser whose effect still happens while it is being cancelled is undone', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: t.do, compensate: { uses: t.do } }
      b: { uses: t.do }`);
    game.ok('r.b');
    expect(game.status).toBe('open');
    game.ok('r.a').ok('r.a.compensate');
    expect([game.status, game.step('r').port]).toEqual(['succeeded', 'b']);
  });

  it('a failed undo of a loser does not fail it, but is listed if the run fails later', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: t.do, compensate: { uses: t.do } }
      b: { uses: t.do }
      a2: { uses: t.do, needs: [a] }
  after: { uses: t.do, needs: [r.b] }`);
    game.ok('r.a').ok('r.b').bad('r.a.compensate', 'undo.broken').bad('after', 'boom');
    expect(game.error).toMatchObject({
      code: 'boom',
      undo: [{ step: 'r.a.compensate', error: { code: 'undo.broken' } }],
    });
  });

  it('its timeout fails it', () => {
    const game = play(`
nodes:
  r: { uses: race, timeout: 1h, nodes: { a: { uses: t.do, compensate: { uses: t.do } }, w: { uses: waitForEvent, with: { event: e } } } }
  late: { uses: t.do, needs: [r.timeout] }`);
    game.pass('1h');
    expect(game.log).toEqual(['r.a', 'cancel r.a']);
    game.bad('r.a', 'cancelled', { cancelled: true, unknown: true });
    game.ok('r.a.compensate');
    expect(game.pending).toEqual(['late']);
  });

  it('cancelled while its losers are undone: the winner is undone, too', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: t.do, compensate: { uses: t.do } }
      b: { uses: t.do, compensate: { uses: t.do } }`);
    game.ok('r.a').cancel().ok('r.b').ok('r.b.compensate').ok('r.a.compensate');
    expect(game.status).toBe('cancelled');
    expect(game.ends).toMatchObject({ r: 'cancelled', 'r.a': 'succeeded', 'r.b': 'succeeded' });
  });
});

import { describe, expect, it } from 'vitest';
import { planOf, play } from './testing/game.ts';

const fan = (count: number, more = '') => `
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", concurrency: ${count} }
    nodes: { a: { uses: t.do${more} } }`;

const list = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('limits', () => {
  it('on what is in flight hold effects back; each that ends lets the next one start', () => {
    const game = play(fan(5), { input: list(5), limits: { inFlight: 2 } });
    expect(game.pending).toEqual(['each[0].a', 'each[1].a']);
    game.ok('each[1].a');
    expect(game.pending).toEqual(['each[0].a', 'each[2].a']);
    game.ok('each[0].a').ok('each[2].a').ok('each[3].a').ok('each[4].a');
    expect([game.status, game.run.state.inFlight]).toEqual(['succeeded', 0]);
  });

  describe('on effects in flight at first', () => {
    const steps = (count: number, uses = 't.do') =>
      `nodes: { ${list(count)
        .map((n) => `n${n}: { uses: ${uses} }`)
        .join(', ')} }`;
    const begun = ({ ends, pending }: ReturnType<typeof play>) => Object.keys(ends).length + pending.length;

    it('let others begin as these end', () => {
      const game = play(steps(100), { limits: { atFirst: 24 } });
      for (let i = 0; i < 50; i += 1) game.ok(game.pending[0]!);
      expect([begun(game), game.pending.length]).toEqual([74, 24]);
    });

    it('grow by as many as take a second, until few are in flight', () => {
      const game = play(steps(200), { limits: { atFirst: 24 } });
      expect(game.pass('1s').pending).toHaveLength(48);
      // An old one that ends leaves its place to another.
      expect(game.ok('n10').pending).toHaveLength(48);
      // Of the second 24 all are left, but one has ended quickly.
      expect(game.snapshot().pass('1s').pending).toHaveLength(71);
      expect([game.pass('1s').pending.length, begun(game)]).toEqual([95, 96]);
      while (game.pending.length > 23) game.ok(game.pending[0]!);
      expect([game.status, game.run.state.room?.most]).toEqual(['open', 24]);
      while (game.pending.length > 0) game.ok(game.pending[0]!);
      expect([game.status, game.run.state.inFlight, game.run.state.room?.fresh]).toEqual(['succeeded', 0, 0]);
    });

    it('do not grow while effects wait that are done quickly once they begin', () => {
      const game = play(steps(200), { limits: { atFirst: 24 } });
      for (let second = 0; second < 6; second += 1) {
        for (let i = 0; i < 12; i += 1) game.ok(game.pending[0]!);
        expect(game.pass('1s').pending).toHaveLength(24);
      }
    });

    it('grow while some effects hang and the others are quick', () => {
      const game = play(steps(400), { limits: { atFirst: 24 } });
      const hang = (path: string): boolean => Number(path.slice(1)) % 4 === 0;
      for (let second = 0; second < 20; second += 1) {
        for (const path of game.pending.filter((each) => !hang(each)).slice(0, 12)) game.ok(path);
        game.pass('1s');
      }
      // A quarter of 400 hang, and places for the others are left.
      expect(game.pending.filter(hang).length).toBeGreaterThan(40);
      expect(game.pending.filter((path) => !hang(path)).length).toBeGreaterThanOrEqual(8);
    });

    it('grow to what may be in flight, and no further', () => {
      const game = play(steps(100), { limits: { atFirst: 24, inFlight: 60 } });
      expect(game.pass('10s').pending).toHaveLength(60);
      expect(game.timers()).toEqual([]);
    });

    it('grow also while nothing waits, so that what comes later begins at once', () => {
      const graph =
        'nodes: { a: { uses: t.do }, b: { uses: t.do, needs: [c] }, c: { uses: waitForEvent, with: { event: go } } }';
      const game = play(graph, { limits: { atFirst: 1 } });
      expect(game.pass('1m').event('go')).toBe(true);
      expect([game.pending, game.timers()]).toEqual([['a', 'b'], ['~room']]);
    });

    it('make a run look again once a second at most', () => {
      const game = play(fan(200), { input: list(200), limits: { atFirst: 4 } });
      for (let i = 0; i < 100; i += 1) game.pass('100ms').ok(game.pending.at(-1)!);
      const asked = game.commands.filter((command) => command.do === 'timer' && command.key === '~room');
      expect(asked.length).toBeGreaterThan(0);
      expect(asked.length).toBeLessThanOrEqual(11);
    });

    it('let no clock make room, because local activities end together when a history is replayed', () => {
      const game = play(steps(5), { limits: { atFirst: 2 } });
      game.run.now += 5_000;
      expect([game.ok('n0').pending, game.ok('n1').pending]).toEqual([
        ['n1', 'n2'],
        ['n2', 'n3'],
      ]);
    });

    it('count no called run that has begun', () => {
      const game = play(steps(4, 'workflow.run, with: { workflow: other }'), { limits: { atFirst: 2 } });
      expect(game.started('n0').started('n1').pending).toEqual(['n0', 'n1', 'n2', 'n3']);
      expect(game.ok('n0').ok('n1').run.state).toMatchObject({ inFlight: 2, room: { most: 2, fresh: 2 } });
    });

    it('let nothing begin while a run is paused or drains', () => {
      const game = play(steps(4), { limits: { atFirst: 1 } });
      game.pause().pass('5s').ok('n0');
      expect([game.pending, begun(game)]).toEqual([[], 1]);
      game.resume();
      expect([game.pending, game.timers()]).toEqual([['n1'], ['~room']]);
      game.drain().pass('5s').ok('n1');
      expect([game.pending, begun(game), game.timers()]).toEqual([[], 2, []]);
    });

    it('keep a part of a long list to its share', () => {
      const plan = planOf(
        'nodes: { each: { uses: forEach, with: { items: "${{ input }}", concurrency: 20 }, nodes: { a: { uses: t.do } } } }',
      );
      const part = { root: plan.body, key: '', offset: 0 };
      expect(play(plan, { input: list(20), part, limits: { atFirst: 21 } }).pending).toHaveLength(7);
    });

    it('hold back undo steps', () => {
      const undo = 'uses: t.do, compensate: { uses: t.do }';
      const game = play(`nodes: { a: { ${undo} }, b: { ${undo} }, z: { uses: t.do, needs: [a, b], join: all } }`, {
        limits: { atFirst: 1 },
      });
      game.ok('a').ok('b').bad('z');
      expect(game.pending).toEqual(['b.compensate']);
      game.ok('b.compensate').ok('a.compensate');
      expect(game.status).toBe('failed');
    });

    it('leave what is no effect in its order during a pause', () => {
      const graph = `
nodes:
  a: { uses: t.do }
  b: { uses: t.do }
  c: { uses: t.do }
  d: { uses: t.do, needs: [a] }
  end: { uses: stop, needs: [a], with: { output: 1 } }`;
      const game = play(graph, { limits: { atFirst: 1, inFlight: 2 } });
      game.pass('1s').pause();
      game.run.state.room!.most = 1;
      game.ok('a').resume();
      expect([game.status, game.log]).toEqual(['succeeded', ['a', 'b', 'cancel b']]);
    });

    it('mean nothing to runs that began before version 10', () => {
      const game = play(steps(200), { version: 9 });
      expect([game.pending.length, game.timers(), game.run.state.room]).toEqual([200, [], undefined]);
    });
  });

  it('on scripts in flight hold back scripts, and nothing else', () => {
    const graph = `
nodes:
  each:
    uses: forEach
    with: { items: "\${{ input }}", concurrency: 60 }
    nodes: { a: { uses: t.script }, b: { uses: t.do } }
  late: { uses: t.do, priority: 5 }`;
    const scripts = ({ pending }: ReturnType<typeof play>) => pending.filter((path) => path.endsWith('.a'));
    const limits = { atFirst: 500 };
    const game = play(graph, { input: list(60), limits });
    expect([scripts(game).length, game.pending.length]).toEqual([48, 48 + 60 + 1]);
    game.ok('each[7].a');
    expect(scripts(game)).toHaveLength(48);
    expect(game.pending).toContain('each[48].a');
    game.snapshot();
    for (let path = game.pending[0]; path !== undefined; path = game.pending[0]) game.ok(path);
    expect([game.status, game.run.state.inFlight, game.run.state.inFlightOf]).toEqual(['succeeded', 0, { code: 0 }]);
    expect(scripts(play(graph, { input: list(60), limits, version: 8 }))).toHaveLength(60);
  });

  it('hold back scripts until nothing is in flight, whatever becomes of those that are', () => {
    const graph = `nodes: { ${list(50)
      .map((n) => `n${n}: { uses: t.script, onError: continue, retry: { maxAttempts: 2 } }`)
      .join(', ')} }`;
    const game = play(graph, { limits: { atFirst: 500 } });
    const held = () => 50 - Object.keys(game.ends).length - game.pending.length;
    expect(held()).toBe(2);
    // A step that waits for its next attempt leaves its place to another one.
    game.bad('n0').bad('n1', 'x', { unknown: true });
    expect([game.run.state.inFlightOf, game.pending.includes('n49')]).toEqual([{ code: 48 }, true]);
    game.pass('1s');
    while (game.pending.length > 0 && game.status === 'open') game.ok(game.pending[0]!);
    expect(game.run.state.inFlightOf).toEqual({ code: 0 });
  });

  it('let the most urgent script start that waits for a place, whenever it began to wait', () => {
    const graph = `
nodes:
  go: { uses: t.do }
  urgent: { uses: t.script, needs: [go], priority: 1 }
  ${list(4)
    .map((n) => `n${n}: { uses: t.script }`)
    .join('\n  ')}`;
    for (const more of ['', '\n  late: { uses: t.do, needs: [go] }']) {
      const game = play(graph + more, { limits: { ofQueue: { code: 2 } } });
      expect(game.pending).toEqual(['go', 'n0', 'n1']);
      game.ok('go').ok('n0');
      expect(game.pending).toContain('urgent');
      expect(game.pending).not.toContain('n2');
    }
  });

  it('give each part of a long list a share of the scripts', () => {
    const graph =
      'nodes: { each: { uses: forEach, with: { items: "${{ input }}" }, nodes: { a: { uses: t.script } } } }';
    const plan = planOf(graph.replace('"${{ input }}"', '"${{ input }}", concurrency: 20'));
    const part = { root: plan.body, key: '', offset: 0 };
    expect(play(plan, { input: list(20), part, limits: { atFirst: 500 } }).pending).toHaveLength(6);
  });

  it.each([8, 9])('start nothing of a body that is gone, in version %i', (version) => {
    const graph = `
nodes:
  each:
    uses: forEach
    with: { items: [1, 2] }
    nodes:
      w:
        uses: while
        timeout: 1m
        onError: continue
        with: { state: 0, test: true, max: unlimited }
        nodes: { a: { uses: t.do } }
        output: "\${{ state + 1 }}"`;
    const game = play(graph, { version });
    game.pause().ok('each[0].w[0].a').pass('2m').resume();
    expect(game.pending).toEqual(['each[1].w[0].a']);
  });

  it('do not hold back steps that are not effects', () => {
    const game = play(
      'nodes: { a: { uses: t.do }, b: { uses: t.do }, c: { uses: set, with: { value: 1 } }, d: { uses: set, needs: [c], with: { value: 2 } } }',
      { limits: { inFlight: 1 } },
    );
    expect([game.pending, game.ends]).toEqual([['a'], { c: 'succeeded', d: 'succeeded' }]);
  });

  it('make effects queue by priority, then by age', () => {
    const game = play(
      `
nodes:
  a: { uses: t.do }
  b: { uses: t.do, priority: 5 }
  c: { uses: t.do }
  d: { uses: t.do, priority: 1 }
  e: { uses: t.do, needs: [d], priority: 2 }`,
      { limits: { inFlight: 1 } },
    );
    while (game.pending.length > 0) game.ok(game.pending[0]!);
    expect(game.log).toEqual(['d', 'e', 'a', 'c', 'b']);
  });

  it('on starts per pump make the driver yield; all start in the end', () => {
    const game = play(fan(7), { input: list(7), limits: { startsPerPump: 3 } });
    expect([game.yields, game.pending.length]).toEqual([2, 7]);
  });

  it('on bytes make the driver yield, however often it calls', () => {
    const game = play(fan(6, ', with: { text: "${{ input.map(i => 0).join(loops.each.item) }}" }'), {
      input: list(6),
      limits: { yieldBytes: 60 },
    });
    expect([game.yields, game.pending.length]).toEqual([2, 6]);
  });

  it('a yield is not asked for when nothing is left to start', () => {
    expect(play(fan(3), { input: list(3), limits: { startsPerPump: 3 } }).yields).toBe(0);
  });

  it('effects held back in a body that closes never start', () => {
    const game = play('nodes: { a: { uses: t.do }, b: { uses: t.do }, c: { uses: t.do } }', {
      limits: { inFlight: 1 },
    });
    game.bad('a');
    expect([game.status, game.log, Object.keys(game.ends)]).toEqual(['failed', ['a'], ['a']]);
  });
});

describe('fuel', () => {
  const graph = (rounds: number) => `
nodes:
  w:
    uses: while
    with: { state: 0, test: "\${{ state < ${rounds} }}" }
    nodes:
      a: { uses: set, with: { value: "\${{ state + 1 }}" } }
    output: "\${{ nodes.a }}"
  e: { uses: t.do, needs: [w] }`;

  it('makes pure work yield, at places that depend on the work alone', () => {
    const one = play(graph(500), { limits: { yieldFuel: 20_000 } });
    const other = play(graph(500), { limits: { yieldFuel: 20_000 } });
    expect(one.yields).toBeGreaterThan(3);
    expect(other.yields).toBe(one.yields);
    expect(other.run.state.fuelUsed).toBe(one.run.state.fuelUsed);
    expect(one.pending).toEqual(['e']);
  });

  it('is counted on across a snapshot', () => {
    const game = play(graph(50));
    const { fuelUsed } = game.run.state;
    expect(game.snapshot().run.state.fuelUsed).toBe(fuelUsed);
  });
});

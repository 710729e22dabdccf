import { describe, expect, it } from 'vitest';
import { Reference } from '../expression/runtime.ts';
import { weigh } from '../weigh.ts';
import { forgetRecords } from './steps/records.ts';
import { type Game, planOf, play } from './testing/game.ts';

const big = (inline = {}) => new Reference({ sha256: 'ab12', size: 50_000, preview: 'xxx', inline });

/** The values that were asked to be stored. */
const kept = (game: Game) => game.commands.flatMap((command) => (command.do === 'keep' ? [command.call] : []));

const list = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('a large value that the run computes', () => {
  it('is stored, and goes on as a reference with what is read of it', () => {
    const game = play(`
nodes:
  s: { uses: set, with: { value: "\${{ 'x'.repeat(40000) }}" } }
  e: { uses: t.do, needs: [s], with: { n: "\${{ nodes.s.length }}" } }`);
    expect(kept(game)).toEqual([{ path: 's:with', value: 'x'.repeat(40_000), inline: ['/length'] }]);
    expect(game.pending).toEqual([]);
    game.computed('s:with', big({ '/length': 40_000 }));
    expect(game.call('e').with).toEqual({ value: { n: 40_000 } });
  });

  it('is kept as it is up to 32 KB of JSON, and in runs that began before bytes were counted', () => {
    const graph = (length: number) => `nodes: { s: { uses: set, with: { value: "\${{ 'x'.repeat(${length}) }}" } } }`;
    expect(play(graph(32_766)).status).toBe('succeeded');
    expect(play(graph(32_767)).status).toBe('open');
    expect(play(graph(40_000), { version: 2 }).status).toBe('succeeded');
  });

  it('is stored wherever it is made: by a round, as a first state, by an item, by a try', () => {
    const text = "${{ 'x'.repeat(40000) }}".replace('\\', '');
    const game = play(`
nodes:
  w: { uses: while, with: { state: "${text}", test: true }, nodes: {} }
  r: { uses: while, with: { state: 1, test: true }, nodes: {}, output: "${text}" }
  e: { uses: forEach, with: { items: [1] }, nodes: {}, output: "${text}" }
  t: { uses: try, nodes: {}, output: "${text}", finally: { nodes: {} } }`);
    expect(
      kept(game)
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['e[0]/:output', 'r[0]/:output', 't/:output', 'w:state']);
  });

  it('is the list of the results of a loop, which ends when that is stored', () => {
    const game = play(
      `
nodes:
  e: { uses: forEach, with: { items: "\${{ input }}" }, nodes: { s: { uses: set, with: { value: "\${{ 'x'.repeat(20000) }}" } } }, output: "\${{ nodes.s }}" }
  n: { uses: set, needs: [e], with: { value: "\${{ nodes.e.count }}" } }
output: "\${{ nodes.n }}"`,
      { input: list(3) },
    );
    expect(kept(game)).toMatchObject([{ path: 'e:output', value: { count: 3 }, inline: ['/count'] }]);
    game.computed('e:output', big({ '/count': 3 }));
    expect(game.output).toBe(3);
  });

  it('is not the list of the results of a page, which whoever runs the page stores', () => {
    const graph = `nodes: { e: { uses: forEach, with: { items: "\${{ input }}" }, nodes: { s: { uses: t.do } }, output: "\${{ nodes.s }}" } }`;
    const { body } = planOf(graph);
    const root = { nodes: body.nodes, output: ['e', ['.', 0, 'nodes', 'e'], 'nodes'] as never };
    const game = play(graph, { input: list(3), part: { root, key: '', offset: 200 } });
    while (game.pending[0]) game.ok(game.pending[0], 'x'.repeat(20_000));
    expect([game.status, kept(game)]).toEqual(['succeeded', []]);
    expect(game.output).toMatchObject({ count: 3 });
  });

  it('is forgotten if its body closes meanwhile', () => {
    const game = play(`nodes: { s: { uses: set, with: { value: "\${{ 'x'.repeat(40000) }}" } } }`);
    game.cancel();
    expect([game.status, game.computed('s:with', big()).ends]).toEqual(['cancelled', { s: 'cancelled' }]);
  });
});

describe('a run that holds a lot', () => {
  const each = (more: string, concurrency = 100) =>
    `nodes: { e: { uses: forEach, with: { items: "\${{ input }}", concurrency: ${concurrency} }, ${more} } }`;

  it('stores small values, too', () => {
    const graph = each(
      `nodes: { s: { uses: set, with: { value: "\${{ 'x'.repeat(2000) }}" } } }, output: "\${{ nodes.s }}"`,
      1,
    );
    const game = play(graph, { input: list(30), limits: { bytes: 100_000 } });
    expect(kept(game).length).toBe(1);
  });

  it('begins one item at a time', () => {
    const graph = each(`nodes: { s: { uses: t.do, with: { text: "\${{ 'x'.repeat(20000) }}" } } }`);
    const game = play(graph, { input: list(30), limits: { bytes: 200_000 } });
    expect(game.pending.length).toBeGreaterThan(3);
    expect(game.pending.length).toBeLessThan(10);
    while (game.pending[0]) game.ok(game.pending[0], 1);
    expect(game.status).toBe('succeeded');
  });

  it('has few effects in flight', () => {
    const nodes = Array.from(
      { length: 40 },
      (_, i) => `n${i}: { uses: t.do, with: { text: "\${{ 'x'.repeat(20000) }}" } }`,
    );
    const game = play(`nodes: { ${nodes.join(', ')} }`, { limits: { bytes: 1_000_000 } });
    expect(game.pending.length).toBeGreaterThan(20);
    expect(game.pending.length).toBeLessThan(30);
    const more = play(`nodes: { ${nodes.join(', ')} }`, { limits: { bytes: 100_000 } });
    expect(more.pending.length).toBe(3);
    while (more.pending[0]) more.ok(more.pending[0], 1);
    expect(more.status).toBe('succeeded');
  });

  it('fails with the code of its author, whose message may be stored', () => {
    const game = play(
      `nodes: { s: { uses: set, with: { value: "\${{ 'x'.repeat(40000) }}" } }, f: { uses: fail, needs: [s], with: { code: own.bad, message: "\${{ nodes.s }}", details: "\${{ nodes.s }}" } } }`,
    );
    game.computed('s:with', big());
    expect(game.error).toMatchObject({ code: 'own.bad', message: 'xxx…', details: { size: 50_000, preview: 'xxx' } });
  });

  it('fails steps once it is full, and says what to do', () => {
    const game = play('nodes: { a: { uses: t.do }, b: { uses: t.do, needs: [a] } }', { limits: { bytes: 10_000 } });
    game.ok('a', 'x'.repeat(20_000));
    expect(game.error).toMatchObject({ code: 'run.tooLarge', step: 'b', message: expect.stringContaining('kv.set') });
  });

  it('still runs what handles that and what cleans up', () => {
    const game = play(
      `
nodes:
  t:
    uses: try
    nodes: { a: { uses: t.do }, b: { uses: t.do, needs: [a] } }
    catch: { nodes: { c: { uses: t.do, with: { code: "\${{ error.code }}" } } } }
    finally: { nodes: { last: { uses: t.do } } }`,
      { limits: { bytes: 20_000 } },
    );
    game.ok('t.a', 'x'.repeat(25_000));
    expect(game.call('t.catch.c').with).toEqual({ value: { code: 'run.tooLarge' } });
    expect(game.ok('t.catch.c').ok('t.finally.last').status).toBe('succeeded');
  });

  it('holds what a loop has made only as long as the loop needs it', () => {
    const rounds = (count: number) => {
      const game = play(
        `nodes: { w: { uses: while, with: { state: 0, test: "\${{ state < ${count} }}" }, nodes: { s: { uses: set, with: { value: "\${{ 'x'.repeat(5000) }}" } } }, output: "\${{ state + 1 }}" } }`,
      );
      expect(game.status).toBe('succeeded');
      return game.run.state.bytes;
    };
    expect(rounds(500)).toBe(rounds(1));
  });

  it('lets go of an event that was taken, and of what it waited for', () => {
    const game = play(
      'nodes: { a: { uses: waitForEvent, with: { event: go } }, w: { uses: wait, with: { for: 1h } } }',
    );
    const before = game.run.state.bytes!;
    game.event('other', { data: 'x'.repeat(1_000) });
    expect(game.run.state.bytes! - before).toBeGreaterThan(1_000);
    game.event('go', { data: 'x'.repeat(500) });
    expect(game.run.state.bytes! - before).toBeLessThan(3_000);
  });
});

it('records weigh nothing once they are written', () => {
  const game = play('nodes: { a: { uses: set, with: { value: 1 } }, w: { uses: wait, with: { for: 1h } } }');
  const { run } = game;
  run.state.ended.push(...game.steps);
  run.state.recordBytes = weigh(game.steps[0]);
  forgetRecords(run, 1);
  expect([run.state.ended, run.state.recordBytes]).toEqual([[], 0]);
});

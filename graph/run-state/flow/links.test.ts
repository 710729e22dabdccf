import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

describe('links', () => {
  it('start each node by itself, not in waves', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  b: { uses: t.do }
  afterA: { uses: t.do, needs: [a] }
  both: { uses: t.do, needs: [afterA, b] }`);
    expect(game.pending).toEqual(['a', 'b']);
    game.ok('a');
    expect(game.pending).toEqual(['b', 'afterA']);
    game.ok('afterA').ok('b').ok('both');
    expect(game.status).toBe('succeeded');
  });

  it('start nodes that are ready together by topological index, then id', () => {
    const game = play(`
nodes:
  z: { uses: t.do }
  b: { uses: t.do }
  a: { uses: t.do, needs: [z] }
  y: { uses: t.do, needs: [z] }
  c: { uses: t.do, needs: [y, z], join: any }`);
    game.ok('z').ok('y');
    expect(game.log).toEqual(['b', 'z', 'a', 'y', 'c']);
  });

  it('skip nodes that depend on a skipped node, and the run succeeds', () => {
    const game = play(`
nodes:
  a: { uses: t.do, if: "\${{ false }}" }
  b: { uses: t.do, needs: [a] }
  c: { uses: t.do, needs: [b] }
output: "\${{ [nodes.a, nodes.c, errors.a] }}"`);
    expect(game.ends).toEqual({ a: 'skipped', b: 'skipped', c: 'skipped' });
    expect([game.status, game.output]).toEqual(['succeeded', [null, null, null]]);
  });

  it('join any: waits until all links are settled, starts if one is live', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  b: { uses: t.do }
  join: { uses: t.do, needs: [a, b.error], join: any }`);
    game.ok('a');
    expect(game.pending).toEqual(['b']);
    game.ok('b');
    expect(game.pending).toEqual(['join']);
  });

  it('join all: is skipped as soon as one link is dead, and so are the nodes that follow', () => {
    const game = play(`
nodes:
  gate: { uses: if, with: { test: "\${{ false }}" } }
  slow: { uses: t.do }
  both: { uses: t.do, needs: [gate.true, slow], join: all }
  after: { uses: t.do, needs: [both] }`);
    expect(game.ends).toEqual({ gate: 'succeeded', both: 'skipped', after: 'skipped' });
    expect(game.pending).toEqual(['slow']);
    game.ok('slow');
    expect(game.status).toBe('succeeded');
  });

  it('join all: starts when all are live', () => {
    const game = play(`
nodes:
  a: { uses: t.do }
  b: { uses: t.do }
  both: { uses: t.do, needs: [a, b], join: all }`);
    game.ok('b');
    expect(game.pending).toEqual(['a']);
    game.ok('a');
    expect(game.pending).toEqual(['both']);
  });

  it('an optional step between two others is written with join: any', () => {
    const game = play(`
nodes:
  a: { uses: set, with: { value: 1 } }
  b: { uses: t.do, needs: [a], if: "\${{ nodes.a == 2 }}" }
  c: { uses: set, needs: [a, b], join: any, with: { value: "\${{ nodes.b ?? 'none' }}" } }
output: "\${{ nodes.c }}"`);
    expect(game.output).toBe('none');
  });

  it('two links from one node by different ports are one or the other', () => {
    const game = play(`
nodes:
  c: { uses: if, with: { test: "\${{ input.yes }}" } }
  a: { uses: t.do, needs: [c.true, c.false] }`);
    expect(game.pending).toEqual(['a']);
  });
});

describe('links from triggers', () => {
  const graph = `
triggers:
  hook: { uses: webhook }
  tick: { uses: schedule, with: { cron: "* * * * *" } }
nodes:
  always: { uses: t.do }
  hooked: { uses: t.do, needs: [hook] }
  ticked: { uses: t.do, needs: [tick] }
  either: { uses: t.do, needs: [hook, tick] }
  both: { uses: t.do, needs: [hook, always], join: all }
  never: { uses: t.do, needs: [tick, always], join: all }`;

  it('are live only for the trigger that fired', () => {
    const game = play(graph, { trigger: { id: 'hook' } });
    expect(game.pending).toEqual(['always', 'either', 'hooked']);
    expect(game.ends).toEqual({ ticked: 'skipped', never: 'skipped' });
    game.ok('always');
    expect(game.pending).toEqual(['either', 'hooked', 'both']);
  });

  it('are all dead if none fired; a node without needs starts all the same', () => {
    const game = play(graph);
    expect(game.pending).toEqual(['always']);
    game.ok('always');
    expect(game.status).toBe('succeeded');
  });
});

describe('guards', () => {
  it('are read when the join is satisfied; null is false', () => {
    const game = play(
      `
nodes:
  a: { uses: t.do }
  b: { uses: t.do, needs: [a], if: "\${{ nodes.a.go }}" }
  c: { uses: t.do, if: "\${{ input.nothing }}" }`,
    );
    expect(game.ends).toEqual({ c: 'skipped' });
    game.ok('a', { go: true });
    expect(game.pending).toEqual(['b']);
  });

  it('a guard that is not a condition fails the node', () => {
    const game = play('nodes: { a: { uses: t.do, if: "${{ input.text }}" } }', { input: { text: 'false' } });
    expect(game.error).toMatchObject({ code: 'expression', step: 'a', node: 'a' });
  });

  it('a skipped node has no times', () => {
    const game = play('nodes: { a: { uses: t.do, if: "${{ false }}" } }');
    expect(game.step('a')).toEqual({
      path: 'a',
      node: 'a',
      type: 't.do',
      status: 'skipped',
      port: null,
      attempts: 0,
      startedAt: null,
      endedAt: null,
    });
  });
});

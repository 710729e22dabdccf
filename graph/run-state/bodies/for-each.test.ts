import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

const each = (more = '', items = '[a, b, c]') => `
nodes:
  each:
    uses: forEach
    with: { items: ${items}${more} }
    nodes:
      charge: { uses: t.do, with: { item: "\${{ item }}", index: "\${{ index }}", loop: "\${{ loops.each.item }}" } }
    output: "\${{ nodes.charge }}"
output: "\${{ nodes.each }}"`;

describe('forEach', () => {
  it('runs item by item, in order, and gives the results in item order', () => {
    const game = play(each());
    expect(game.pending).toEqual(['each[0].charge']);
    expect(game.call('each[0].charge').with).toEqual({ value: { item: 'a', index: 0, loop: 'a' } });
    game.ok('each[0].charge', 1);
    expect(game.pending).toEqual(['each[1].charge']);
    game.ok('each[1].charge', 2).ok('each[2].charge', 3);
    expect(game.output).toEqual({ results: [1, 2, 3], errors: [], count: 3 });
  });

  it('keeps a window of `concurrency` items; results stay in item order', () => {
    const game = play(each(', concurrency: 2'));
    expect(game.pending).toEqual(['each[0].charge', 'each[1].charge']);
    game.ok('each[1].charge', 'B');
    expect(game.pending).toEqual(['each[0].charge', 'each[2].charge']);
    game.ok('each[2].charge', 'C').ok('each[0].charge', 'A');
    expect(game.output).toMatchObject({ results: ['A', 'B', 'C'] });
  });

  it('takes an empty list', () => {
    expect(play(each('', '[]')).output).toEqual({ results: [], errors: [], count: 0 });
  });

  it('gives a list as each item, if it works in batches', () => {
    const game = play(each(', batch: 2'));
    expect(game.call('each[0].charge').with).toMatchObject({ value: { item: ['a', 'b'] } });
    game.ok('each[0].charge', 1);
    expect(game.call('each[1].charge').with).toMatchObject({ value: { item: ['c'], index: 1 } });
    game.ok('each[1].charge', 2);
    expect(game.output).toMatchObject({ results: [1, 2], count: 3 });
  });

  it('fails with the first item that fails; the others are cancelled', () => {
    const game = play(each(', concurrency: 3'));
    game.bad('each[1].charge', 'card.declined');
    expect(game.log.slice(3)).toEqual(['cancel each[0].charge', 'cancel each[2].charge']);
    expect(game.error).toMatchObject({ code: 'card.declined', step: 'each[1].charge', node: 'charge' });
    expect(game.ends).toEqual({
      'each[0].charge': 'cancelled',
      'each[1].charge': 'failed',
      'each[2].charge': 'cancelled',
      each: 'failed',
    });
  });

  it('onItemError: continue notes errors by index, with null as the result', () => {
    const game = play(each(', concurrency: 3, onItemError: continue'));
    game.bad('each[2].charge', 'second').bad('each[0].charge', 'first').ok('each[1].charge', 'B');
    expect(game.output).toMatchObject({ results: [null, 'B', null], count: 3 });
    const { errors } = game.output as { errors: { index: number; error: { code: string; step: string } }[] };
    expect(errors.map(({ index, error }) => [index, error.code, error.step])).toEqual([
      [0, 'first', 'each[0].charge'],
      [2, 'second', 'each[2].charge'],
    ]);
  });

  it('starts each iteration afresh; an item whose nodes are skipped still yields its output', () => {
    const game = play(`
nodes:
  each:
    uses: forEach
    with: { items: [1, 2, 3], concurrency: 3 }
    nodes:
      odd: { uses: set, if: "\${{ item % 2 == 1 }}", with: { value: "\${{ item }}" } }
    output: "\${{ nodes.odd }}"
output: "\${{ nodes.each.results }}"`);
    expect(game.output).toEqual([1, null, 3]);
  });

  it('nests: inner names hide nothing, and `loops` reaches the outer loop', () => {
    const game = play(`
nodes:
  rows:
    uses: forEach
    with: { items: [[1, 2], [3]] }
    nodes:
      cells:
        uses: forEach
        with: { items: "\${{ item }}" }
        nodes:
          x: { uses: t.do, with: { at: "\${{ [loops.rows.index, loops.cells.index, index, item, loops.rows.item.length] }}" } }
        output: "\${{ nodes.x }}"
    output: "\${{ nodes.cells.results }}"
output: "\${{ nodes.rows.results }}"`);
    expect(game.call('rows[0].cells[0].x').with?.value).toEqual({ at: [0, 0, 0, 1, 2] });
    game.ok('rows[0].cells[0].x', 'a').ok('rows[0].cells[1].x', 'b');
    expect(game.call('rows[1].cells[0].x').with?.value).toEqual({ at: [1, 0, 0, 3, 1] });
    game.ok('rows[1].cells[0].x', 'c');
    expect(game.output).toEqual([['a', 'b'], ['c']]);
  });

  it.each([
    ['items: "${{ 5 }}"', 'with.items: a list is needed, got 5.'],
    ['items: [], concurrency: "${{ 0 }}"', 'with.concurrency: a whole number from 1 to 1000 is needed, got 0.'],
    ['items: [], batch: "${{ 1.5 }}"', 'with.batch: a whole number from 1 is needed, got 1.5.'],
    ['items: [], onItemError: "${{ \'skip\' }}"', 'with.onItemError: fail or continue is needed, got "skip".'],
  ])('refuses %s', (fields, message) => {
    const game = play(`nodes: { each: { uses: forEach, with: { ${fields} }, nodes: { a: { uses: t.do } } } }`);
    expect(game.error).toMatchObject({ code: 'input.invalid', message });
  });

  it('its timeout fails it, and may be handled', () => {
    const game = play(`
nodes:
  each:
    uses: forEach
    timeout: 1h
    with: { items: [1, 2], concurrency: 2 }
    nodes: { a: { uses: t.do }, w: { uses: wait, needs: [a], with: { for: 1d } } }
  late: { uses: set, needs: [each.timeout], with: { value: "\${{ error.step }}" } }
output: "\${{ nodes.late }}"`);
    game.ok('each[0].a').pass('1h');
    expect([game.status, game.output, game.timers()]).toEqual(['succeeded', 'each', []]);
    expect(game.ends).toMatchObject({ 'each[0].w': 'cancelled', 'each[1].a': 'cancelled', each: 'failed' });
  });

  it('does not leave by its .timeout when a step inside took too long', () => {
    const game = play(`
nodes:
  each:
    uses: forEach
    timeout: 1h
    with: { items: [1] }
    nodes: { a: { uses: t.do, timeout: 1s } }
  late: { uses: t.do, needs: [each.timeout] }`);
    game.bad('each[0].a', 'timeout');
    expect([game.status, game.error?.step]).toEqual(['failed', 'each[0].a']);
  });
});

describe('a list handed to child workflows', () => {
  const limits = { inlineItems: 2 };
  const around = `
nodes:
  a: { uses: set, with: { value: seen } }
  b: { uses: set, with: { value: not read inside } }
  each:
    uses: forEach
    needs: [a, b]
    join: all
    with: { items: "\${{ input }}", concurrency: 4 }
    nodes: { x: { uses: t.do, with: { a: "\${{ nodes.a }}" }, compensate: { uses: t.do } } }
output: "\${{ nodes.each }}"`;
  const undo = (seq: number, path: string, at = 0) => ({
    at,
    seq,
    path,
    node: 'x',
    index: 0,
    scope: {},
    inline: play(around).plan.body.nodes[2]!.body!.nodes[0]!.compensate!,
  });

  it('says what to do, and what is in scope', () => {
    const game = play(around, { limits, input: [1, 2, 3] });
    expect(game.commands[0]).toMatchObject({
      do: 'each',
      call: {
        path: 'each',
        frame: '',
        items: { value: [1, 2, 3] },
        batch: null,
        concurrency: 4,
        continueOnError: false,
      },
    });
    const { visible } = (game.commands[0] as { call: { visible: { value: unknown } } }).call;
    expect(visible.value).toEqual({ nodes: { a: 'seen' }, errors: {}, loops: {}, local: {} });
    game.looped('each', { ok: true, output: { results: [1], errors: [], count: 3 }, undo: [] });
    expect(game.output).toEqual({ results: [1], errors: [], count: 3 });
  });

  it('takes over their undo list', () => {
    const game = play(around, { limits, input: [1, 2, 3] });
    const error = { code: 'boom', message: '', step: 'each[1].x', node: 'x', attempts: 1, unknown: false };
    game.looped('each', { ok: false, error, undo: [undo(4, 'each[0].x.compensate'), undo(2, 'each[2].x.compensate')] });
    expect(game.log).toEqual(['each[2].x.compensate']);
    game.ok('each[2].x.compensate').ok('each[0].x.compensate');
    expect(game.error).toEqual(error);
  });

  it('undoes what they did and what was done beside them, in the order of completion times', () => {
    const beside = around.replace(
      'output:',
      '  side: { uses: t.do, compensate: { uses: t.do } }\n  no: { uses: t.do, needs: [each, side], join: all }\noutput:',
    );
    const game = play(beside, { limits, input: [1, 2, 3] });
    const { now } = game.run;
    game.pass('10s').ok('side').pass('10s');
    const done = [undo(0, 'each[0].x.compensate', now + 5_000), undo(0, 'each[2].x.compensate', now + 15_000)];
    game.looped('each', { ok: true, output: null, undo: done }).bad('no', 'boom');
    for (const path of ['each[2].x', 'side', 'each[0].x']) {
      expect(game.pending).toEqual([`${path}.compensate`]);
      game.ok(`${path}.compensate`);
    }
    expect(game.status).toBe('failed');
  });

  it('cancels them, and waits for their results', () => {
    const game = play(around, { limits, input: [1, 2, 3] }).cancel();
    expect(game.commands.at(-1)).toEqual({ do: 'cancelEach', path: 'each' });
    const error = { code: 'cancelled', message: '', step: 'each', node: 'each', attempts: 0, unknown: false };
    game.looped('each', { ok: false, error, undo: [undo(1, 'each[0].x.compensate')] });
    expect(game.pending).toEqual(['each[0].x.compensate']);
    game.ok('each[0].x.compensate');
    expect(game.status).toBe('cancelled');
  });

  it('runs a list in place whose body needs the run: events, approvals, answers', () => {
    const game = play(
      'nodes: { each: { uses: forEach, with: { items: "${{ input }}" }, nodes: { w: { uses: waitForEvent, with: { event: e } } } } }',
      { limits, input: [1, 2, 3] },
    );
    expect(game.waits.map(({ step }) => step)).toEqual(['each[0].w']);
  });
});

describe('part of a list, in a child workflow', () => {
  const { body } = play(each()).plan;
  const part = (items: unknown[], more = {}) => ({
    root: {
      nodes: [{ ...body.nodes[0]!, with: ['v', { items, concurrency: 2, ...more }] as never }],
      output: body.output!,
    },
    key: 'outer[4]',
    offset: 100,
  });

  it('counts from its first item, and so do inner loops from 0', () => {
    const nested = play(`
nodes:
  each:
    uses: forEach
    with: { items: [a] }
    nodes:
      in: { uses: forEach, with: { items: [x, y], concurrency: 2 }, nodes: { c: { uses: t.do } }, output: "\${{ index }}" }
    output: "\${{ [index, nodes.in.results] }}"
output: "\${{ nodes.each }}"`).plan;
    const game = play(nested, { part: { root: nested.body, key: 'outer[4]', offset: 100 } });
    expect(game.pending).toEqual(['outer[4].each[100].in[0].c', 'outer[4].each[100].in[1].c']);
    game.ok('outer[4].each[100].in[1].c').ok('outer[4].each[100].in[0].c');
    expect(game.output).toEqual({ results: [[100, [0, 1]]], errors: [], count: 1 });
  });

  it('notes errors by their index in the whole list', () => {
    const game = play(play(each()).plan, { part: part(['a', 'b'], { onItemError: 'continue' }) });
    game.ok('outer[4].each[100].charge', 1).bad('outer[4].each[101].charge');
    expect(game.output).toMatchObject({ results: [1, null], errors: [{ index: 101 }], count: 2 });
  });
});

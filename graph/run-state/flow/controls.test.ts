import { describe, expect, it } from 'vitest';
import { play } from '../testing/game.ts';

describe('if', () => {
  it.each([
    [true, 'yes', 'true'],
    [false, 'no', 'false'],
    [null, 'no', 'false'],
  ])('%s leaves by %s', (test, node, port) => {
    const game = play(
      `
nodes:
  c: { uses: if, with: { test: "\${{ input.test }}" } }
  yes: { uses: t.do, needs: [c.true] }
  no: { uses: t.do, needs: [c.false] }`,
      { input: { test } },
    );
    expect(game.pending).toEqual([node]);
    expect(game.step('c')).toMatchObject({ output: test === true, port });
  });

  it('a port nobody needs just ends there', () => {
    const game = play('nodes: { c: { uses: if, with: { test: "${{ false }}" } }, a: { uses: t.do, needs: [c.true] } }');
    expect(game.status).toBe('succeeded');
  });
});

describe('switch', () => {
  const port = (input: unknown) =>
    play(
      `
nodes:
  s:
    uses: switch
    with:
      value: "\${{ input.kind }}"
      cases:
        - { port: one, is: a }
        - { port: many, is: [b, c, 7, null] }
        - { port: big, when: "\${{ input.size > 10 }}" }
        - { port: never, when: "\${{ input.deep.er }}" }
output: "\${{ nodes.s }}"`,
      { input: input as never },
    );

  it('takes the first case that matches: a constant, one of several, or a condition', () => {
    expect(port({ kind: 'a', size: 100 }).output).toBe('one');
    expect(port({ kind: 'c' }).output).toBe('many');
    expect(port({ kind: 7 }).output).toBe('many');
    expect(port({ kind: 'x', size: 11 }).output).toBe('big');
  });

  it('does not coerce, and a missing value is null', () => {
    expect(port({ kind: '7', size: 1, deep: {} }).output).toBe('default');
    expect(port({}).output).toBe('many');
  });

  it('compares lists and objects by their contents', () => {
    const game = play(
      `nodes: { s: { uses: switch, with: { value: "\${{ input }}", cases: [{ port: list, is: [[1, 2]] }, { port: map, is: { a: { b: 1 } } }] } } }
output: "\${{ nodes.s }}"`,
      { input: { a: { b: 1 } } },
    );
    expect(game.output).toBe('map');
    const list = play(
      `nodes: { s: { uses: switch, with: { value: "\${{ [1, 2] }}", cases: [{ port: list, is: [[1, 2]] }] } } }
output: "\${{ nodes.s }}"`,
    );
    expect(list.output).toBe('list');
  });

  it('reads the conditions one by one, and no further than the match', () => {
    expect(port({ kind: 'x', size: 11 }).status).toBe('succeeded');
    expect(port({ kind: 'x', size: 1 }).error).toMatchObject({ code: 'expression', step: 's' });
  });

  it('leaves by default if none matches', () => {
    const game = play(`
nodes:
  s: { uses: switch, with: { value: z, cases: [{ port: a, is: a }] } }
  d: { uses: t.do, needs: [s.default] }
  a: { uses: t.do, needs: [s.a] }`);
    expect(game.pending).toEqual(['d']);
    expect(game.step('s')).toMatchObject({ input: { value: 'z' }, output: 'default', port: 'default' });
  });
});

describe('data nodes', () => {
  it('set, filter, sort and limit run in the workflow', () => {
    const game = play(
      `
nodes:
  adults: { uses: filter, with: { items: "\${{ input.people }}", test: "\${{ item.age >= 18 }}" } }
  oldest: { uses: sort, needs: [adults], with: { items: "\${{ nodes.adults }}", by: [{ key: "\${{ item.age }}", order: desc }] } }
  top: { uses: limit, needs: [oldest], with: { items: "\${{ nodes.oldest }}", count: 1 } }
  name: { uses: set, needs: [top], with: { value: "\${{ nodes.top[0].name }}" } }
output: "\${{ nodes.name }}"`,
      {
        input: {
          people: [
            { name: 'a', age: 20 },
            { name: 'b', age: 30 },
            { name: 'c', age: 3 },
          ],
        },
      },
    );
    expect([game.status, game.output, game.commands.map((command) => command.do)]).toEqual(['succeeded', 'b', ['end']]);
  });

  it('fail with input.invalid if items are not a list', () => {
    const game = play('nodes: { a: { uses: limit, with: { items: "${{ input.x }}", count: 1 } } }', {
      input: { x: 1 },
    });
    expect(game.error).toMatchObject({ code: 'input.invalid', step: 'a' });
  });

  it('log says what it says as its input; its output is null', () => {
    const game = play('nodes: { a: { uses: log, with: { message: "hello ${{ input.who }}", level: warn } } }', {
      input: { who: 'you' },
    });
    expect(game.step('a')).toMatchObject({ input: { message: 'hello you', level: 'warn' }, output: null });
  });

  it('log refuses an unknown level', () => {
    const game = play('nodes: { a: { uses: log, with: { message: x, level: "${{ input.l }}" } } }', {
      input: { l: 'loud' },
    });
    expect(game.error?.code).toBe('input.invalid');
  });
});

describe('respond', () => {
  it('answers a waiting caller and the run goes on; only the first counts', () => {
    const game = play(`
nodes:
  a: { uses: respond, with: { status: 201, headers: { x-id: "1" }, body: { n: 1 } } }
  b: { uses: respond, needs: [a], with: { body: second } }
  c: { uses: t.do, needs: [b] }`);
    expect(game.run.state.response).toEqual({ status: 201, headers: { 'x-id': '1' }, body: { n: 1 } });
    expect(game.step('b').output).toEqual({ status: 200, headers: {}, body: 'second' });
    expect(game.pending).toEqual(['c']);
  });

  it.each([
    ['status: "${{ 99 }}"', 'with.status: a whole number from 200 to 599 is needed, got 99.'],
    ['headers: "${{ [1] }}"', 'with.headers: an object is needed, got [1].'],
    [
      'headers: { x-a: "${{ null }}", x-b: "${{ [1] }}" }',
      "with.headers['x-b']: a text or a number is needed, got [1].",
    ],
  ])('refuses %s', (field, message) => {
    const game = play(`nodes: { a: { uses: respond, with: { ${field} } } }`);
    expect(game.error).toMatchObject({ code: 'input.invalid', message });
  });
});

describe('stop', () => {
  it('ends the run as succeeded with its own output; what runs is cancelled, nothing is undone', () => {
    const game = play(`
nodes:
  paid: { uses: t.do, compensate: { uses: t.do } }
  slow: { uses: t.do }
  end: { uses: stop, needs: [paid], with: { output: "\${{ nodes.paid.id }}" } }
output: never`);
    game.ok('paid', { id: 7 });
    expect([game.status, game.output, game.error]).toEqual(['succeeded', 7, null]);
    expect(game.log).toEqual(['paid', 'slow', 'cancel slow']);
  });

  it('does not win a race it is in: no branch is undone', () => {
    const game = play(`
nodes:
  r:
    uses: race
    nodes:
      a: { uses: t.do, compensate: { uses: t.do } }
      more: { uses: t.do, needs: [a] }
      b: { uses: t.do }
      end: { uses: stop, needs: [b], with: { output: out } }`);
    game.ok('r.a').ok('r.b');
    expect(game.log).toEqual(['r.a', 'r.b', 'r.more', 'cancel r.more']);
    expect([game.status, game.output]).toEqual(['succeeded', 'out']);
    expect(game.ends).toEqual({
      'r.a': 'succeeded',
      'r.b': 'succeeded',
      'r.end': 'succeeded',
      'r.more': 'cancelled',
      r: 'cancelled',
    });
  });

  it('from deep inside: finally bodies run, effects with compensate are awaited', () => {
    const game = play(`
nodes:
  t:
    uses: try
    nodes:
      each:
        uses: forEach
        with: { items: [1, 2], concurrency: 2 }
        nodes:
          a: { uses: t.do, compensate: { uses: t.do } }
          end: { uses: stop, needs: [a], with: { output: "\${{ index }}" } }
    catch: { nodes: { no: { uses: t.do } } }
    finally: { nodes: { clean: { uses: t.do } } }
  after: { uses: t.do, needs: [t] }`);
    game.ok('t.each[0].a');
    expect(game.pending).toEqual(['t.each[1].a']);
    expect(game.status).toBe('open');
    game.ok('t.each[1].a');
    expect(game.pending).toEqual(['t.finally.clean']);
    game.ok('t.finally.clean');
    expect([game.status, game.output]).toEqual(['succeeded', 0]);
    expect(game.log.filter((id) => id.endsWith('compensate'))).toEqual([]);
  });

  it('while the run already fails, only ends its own body', () => {
    const game = play(`
nodes:
  t:
    uses: try
    nodes: { a: { uses: t.do } }
    finally: { nodes: { end: { uses: stop, with: { output: saved } } } }
  b: { uses: t.do }`);
    game.bad('b', 'boom');
    expect([game.status, game.output, game.error?.code]).toEqual(['failed', null, 'boom']);
  });
});

describe('fail', () => {
  it('fails like any node, with code, message and details', () => {
    const game = play(`
nodes:
  a: { uses: fail, with: { code: order.rejected, message: "no \${{ 1 + 1 }}", details: { n: 1 } } }`);
    expect(game.error).toEqual({
      code: 'order.rejected',
      message: 'no 2',
      step: 'a',
      node: 'a',
      attempts: 1,
      unknown: false,
      details: { n: 1 },
    });
  });

  it('takes a code that is computed only if it is one, and a message of any kind as text', () => {
    const failing = (fields: string) => play(`nodes: { a: { uses: fail, with: { ${fields} } } }`).error;
    expect(failing('code: "${{ \'a b\' }}", message: x')).toMatchObject({ code: 'input.invalid' });
    expect(failing('code: x, message: "${{ ({ n: 1 }) }}"')).toMatchObject({ code: 'x', message: '{"n":1}' });
  });
});

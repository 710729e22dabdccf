import { describe, expect, it } from 'vitest';
import { clashes } from '../index.ts';
import { play } from '../testing/game.ts';

describe('wait', () => {
  it('waits for a duration, by one timer', () => {
    const game = play('nodes: { w: { uses: wait, with: { for: 90s } }, a: { uses: t.do, needs: [w] } }');
    expect(game.timers()).toEqual(['w~until']);
    game.pass('89s');
    expect(game.pending).toEqual([]);
    game.pass('1s');
    expect(game.pending).toEqual(['a']);
    expect(game.step('w').output).toEqual({ at: '2026-01-01T00:01:30.000Z' });
  });

  it.each(['2026-01-01T00:00:05Z', '2026-01-01T01:00:05+01:00', '2026-01-01T00:00:05'])('waits until %s', (until) => {
    const game = play('nodes: { w: { uses: wait, with: { until: "${{ input.until }}" } } }', { input: { until } });
    game.pass('4999ms');
    expect(game.status).toBe('open');
    expect(game.pass('1ms').status).toBe('succeeded');
  });

  it('a past time, or no time at all, ends at once', () => {
    const game = play(`
nodes:
  a: { uses: wait, with: { until: "2020-01-01T00:00:00Z" } }
  b: { uses: wait, with: { for: 0s } }`);
    expect([game.status, game.timers()]).toEqual(['succeeded', []]);
  });

  it.each([
    ['for: "${{ 90 }}"', 'with.for: a duration such as 90s, 1h30m or 2d is needed, got 90.'],
    ['until: "${{ \'tomorrow\' }}"', 'with.until: an ISO time such as 2027-01-31T09:00:00Z is needed, got "tomorrow".'],
    ['for: "${{ null }}"', 'with: `for` or `until` is needed, got null.'],
  ])('refuses %s', (field, message) => {
    const game = play(`nodes: { w: { uses: wait, with: { ${field} } } }`);
    expect(game.error).toMatchObject({ code: 'input.invalid', message });
  });

  it('over ten seconds is in the wait index, with its label', () => {
    const game = play(`
nodes:
  long: { uses: wait, label: Cool down, with: { for: 11s } }
  short: { uses: wait, with: { for: 10s } }`);
    expect(game.waits).toEqual([
      {
        step: 'long',
        kind: 'timer',
        since: '2026-01-01T00:00:00.000Z',
        until: '2026-01-01T00:00:11.000Z',
        detail: { label: 'Cool down' },
      },
    ]);
    expect(game.commands.filter((command) => command.do === 'waits')).toEqual([{ do: 'waits', opened: ['long'] }]);
  });
});

describe('waitForEvent', () => {
  const graph = `
nodes:
  w: { uses: waitForEvent, with: { event: order.paid, key: "\${{ input.order }}" } }
output: "\${{ nodes.w.data }}"`;

  it('takes an event of its name and key, the key compared as text', () => {
    const game = play(graph, { input: { order: 42 } });
    expect(game.waits).toMatchObject([{ kind: 'event', event: 'order.paid', key: '42', until: null }]);
    game.event('order.paid', { key: '41', data: 'no' });
    game.event('order.sent', { key: '42', data: 'no' });
    expect(game.status).toBe('open');
    game.event('order.paid', { key: '42', data: 'yes', id: 'e7' });
    expect(game.output).toBe('yes');
    expect(game.step('w').output).toMatchObject({ id: 'e7', name: 'order.paid', key: '42', data: 'yes' });
  });

  it('without a key takes any', () => {
    const game = play('nodes: { w: { uses: waitForEvent, with: { event: e } } }');
    game.event('e', { key: 'whatever' });
    expect(game.status).toBe('succeeded');
  });

  it('an event without a key reaches waits of any', () => {
    const game = play(graph, { input: { order: 42 } });
    game.event('order.paid', { data: 'for all' });
    expect(game.output).toBe('for all');
  });

  it('an event told to the run skips the key', () => {
    const game = play(graph, { input: { order: 42 } });
    game.event('order.paid', { told: true, data: 'told' });
    expect(game.output).toBe('told');
  });

  it('takes events that came before it began, the oldest first', () => {
    const game = play(`
nodes:
  slow: { uses: t.do }
  w: { uses: waitForEvent, needs: [slow], with: { event: e } }
  w2: { uses: waitForEvent, needs: [w], with: { event: e } }
output: "\${{ [nodes.w.data, nodes.w2.data] }}"`);
    game.event('e', { data: 'late', at: '2026-01-01T00:00:09Z' });
    game.event('e', { data: 'early', at: '2026-01-01T00:00:01Z' });
    game.ok('slow');
    expect(game.output).toEqual(['early', 'late']);
    expect(game.waits).toEqual([]);
  });

  it('one event serves one wait, the one that has waited longest', () => {
    const game = play(`
nodes:
  b: { uses: waitForEvent, with: { event: e } }
  slow: { uses: t.do }
  a: { uses: waitForEvent, needs: [slow], with: { event: e } }`);
    game.ok('slow');
    game.event('e');
    expect(game.ends).toEqual({ slow: 'succeeded', b: 'succeeded' });
    game.event('e');
    expect(game.status).toBe('succeeded');
  });

  it('an event delivered twice counts once, also after it was used', () => {
    const game = play(
      'nodes: { a: { uses: waitForEvent, with: { event: e } }, b: { uses: waitForEvent, needs: [a], with: { event: e } } }',
    );
    expect(game.event('e', { id: '1' })).toBe(true);
    expect(game.event('e', { id: '1' })).toBe(false);
    expect(game.status).toBe('open');
    game.snapshot();
    expect(game.event('e', { id: '1' })).toBe(false);
    expect(game.event('e', { id: '2' })).toBe(true);
    expect(game.status).toBe('succeeded');
    expect(game.event('e', { id: '3' })).toBe(false);
  });

  it('tells an event sent again from another one with the same id', () => {
    const game = play('nodes: { a: { uses: waitForEvent, with: { event: e } }, b: { uses: wait, with: { for: 1h } } }');
    expect(game.event('e', { id: '1', digest: 'x' })).toBe(true);
    game.snapshot();
    for (let n = 2; n < 1_000; n++) game.event('other', { id: `${n}` });
    expect([clashes(game.run, { id: '1', digest: 'x' }), clashes(game.run, { id: '1', digest: 'y' })]).toEqual([
      false,
      true,
    ]);
    expect([clashes(game.run, { id: '1' }), clashes(game.run, { id: '2', digest: 'y' })]).toEqual([false, false]);
    game.event('other', { id: '1000' });
    game.event('other', { id: '1001' });
    expect(game.run.state.digests).toEqual({});
  });

  it('is answered by its own link, though another has waited longer, and once', () => {
    const game = play(`
nodes:
  each:
    uses: forEach
    with: { items: [1, 2], concurrency: 2 }
    nodes: { w: { uses: waitForEvent, with: { event: e, key: "\${{ item }}" } } }
    output: "\${{ nodes.w.data }}"
output: "\${{ nodes.each.results }}"`);
    expect(game.answer('each', 'no')).toBe(false);
    expect(game.answer('each[1].w', 'second')).toBe(true);
    expect(game.answer('each[1].w', 'again')).toBe(false);
    game.snapshot();
    expect(game.answer('each[1].w', 'again')).toBe(false);
    expect(game.answer('each[0].w', 'first')).toBe(true);
    expect(game.output).toEqual(['first', 'second']);
  });

  it('fails with timeout', () => {
    const game = play(`
nodes:
  w: { uses: waitForEvent, timeout: 1h, with: { event: e } }
  late: { uses: t.do, needs: [w.timeout] }`);
    expect(game.waits[0]?.until).toBe('2026-01-01T01:00:00.000Z');
    game.pass('1h');
    expect(game.pending).toEqual(['late']);
    expect(game.step('w').error).toMatchObject({ code: 'timeout', step: 'w', node: 'w' });
  });

  it('needs the name of an event', () => {
    const game = play('nodes: { w: { uses: waitForEvent, with: { event: "${{ input.x }}" } } }');
    expect(game.error).toMatchObject({ code: 'input.invalid', message: 'with.event: a text is needed, got null.' });
  });
});

describe('approval', () => {
  it.each([
    ['to: ["${{ \'bob\' }}"], title: x', 'with.to: '],
    ['to: ["role:a"], title: "${{ \'\' }}"', 'with.title: '],
    ['to: ["role:a"], title: x, form: "${{ [1] }}"', 'with.form: '],
  ])('refuses %s', (fields, says) => {
    const { error } = play(`nodes: { a: { uses: approval, with: { ${fields} } } }`);
    expect(error).toMatchObject({ code: 'input.invalid', message: expect.stringContaining(says) });
  });

  it('treats an empty message as not given', () => {
    const game = play('nodes: { a: { uses: approval, with: { to: ["role:a"], title: x, message: "${{ \'\' }}" } } }');
    expect(game.waits).toMatchObject([{ kind: 'approval', detail: { title: 'x' } }]);
  });

  const graph = `
nodes:
  ask:
    uses: approval
    timeout: 2d
    with: { to: ["role:lead"], title: "Pay \${{ input.sum }}?", form: { type: object } }
    notify: { uses: t.do, with: { url: "\${{ resume.url }}", sum: "\${{ input.sum }}" } }
  yes: { uses: t.do, needs: [ask.approved] }
  no: { uses: t.do, needs: [ask.rejected] }
  late: { uses: t.do, needs: [ask.timeout] }`;

  it.each([
    ['approved', 'yes'],
    ['rejected', 'no'],
  ] as const)('%s leaves by its port', (decision, node) => {
    const game = play(graph, { input: { sum: 5 } });
    expect(game.pending).toEqual(['ask.notify']);
    game.ok('ask.notify');
    expect(game.waits).toMatchObject([
      {
        step: 'ask',
        kind: 'approval',
        until: '2026-01-03T00:00:00.000Z',
        detail: { to: ['role:lead'], title: 'Pay 5?' },
      },
    ]);
    expect(game.decide('ask', decision, { comment: 'ok', values: { a: 1 } })).toBe(true);
    expect(game.pending).toEqual([node]);
    expect(game.step('ask').output).toMatchObject({ decision, by: 'ann', comment: 'ok', values: { a: 1 } });
    expect([game.waits, game.timers()]).toEqual([[], []]);
    expect(game.decide('ask', decision)).toBe(false);
  });

  it('hands the parameters of notify on unresolved: the link exists only in the activity', () => {
    const call = play(graph, { input: { sum: 5 } }).call('ask.notify');
    expect(call).toMatchObject({ path: 'ask.notify', resume: { step: 'ask' }, awaited: false });
    expect(call.with).toBeUndefined();
    expect(call.deferred?.scope.value).toEqual({ input: { sum: 5 } });
  });

  it('leaves by timeout if nobody decides; a running notify is let go', () => {
    const game = play(graph, { input: { sum: 5 } }).pass('2d');
    expect(game.log).toEqual(['ask.notify', 'cancel ask.notify', 'late']);
    expect(game.ends['ask.notify']).toBe('cancelled');
    expect(game.run.state.inFlight).toBe(1);
  });

  it('fails if its notify fails, because nobody would know about it', () => {
    const game = play(graph, { input: { sum: 5 } }).bad('ask.notify', 'slack.down');
    expect(game.error).toMatchObject({ code: 'slack.down', step: 'ask.notify', node: 'ask' });
    expect(game.step('ask').error).toEqual(game.error);
    expect(game.timers()).toEqual([]);
  });

  it('decides nothing that does not wait', () => {
    const game = play(graph);
    expect(game.decide('nobody', 'approved')).toBe(false);
    expect(game.decide('yes', 'approved')).toBe(false);
  });

  it('needs to know whom to ask', () => {
    const game = play('nodes: { a: { uses: approval, with: { to: "${{ [] }}", title: x } } }');
    expect(game.error?.message).toBe('with.to: a list such as ["role:lead"] is needed, got [].');
  });
});

/** One set of nodes for all providers: the connection decides. */
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { refuse } from '../testing/fake-provider/faults.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { classify } from './classify.ts';
import { generate } from './generate.ts';
import { summarize } from './summarize.ts';
import { startFakeModels } from './testing/fake-models.ts';
import { fakeSpending } from './testing/fake-spending.ts';
import { USED } from './testing/fake-state.ts';

const servers = await startFakeModels();
afterAll(() => Promise.all(Object.values(servers).map(({ provider }) => provider.close())));

describe.each(Object.entries(servers))('%s', (_, { provider, connection, route, code, refusal, codes }) => {
  beforeEach(() => provider.reset());
  const text = `${'A long chapter about parcels. '.repeat(30)}\n\n`.repeat(4);
  const long = { model: 'm', text, partTokens: 300 };
  const spends = () => {
    const { spending, reservations } = fakeSpending();
    return { ctx: fakeContext({ connection, spending }), ends: () => reservations.map(({ end }) => end).sort() };
  };

  it('answers in a shape, is corrected, and each answer is counted', async () => {
    const right = { labels: [{ label: 'a', confidence: 0.7 }], evidence: [] };
    provider.state.answers.push({ text: 'Well, a.' }, { text: JSON.stringify(right) });
    const { ctx, ends } = spends();
    const found = await runNode(classify, ctx, { model: 'm', text: 'a b', labels: ['a', 'b'] });
    expect(found).toMatchObject({ label: 'a', usage: { output: 2 * USED.output } });
    expect(ends()).toEqual(['settled', 'settled']);
  });

  it('goes on after a rate limit where it ended, and stops for good without money', async () => {
    const { ctx, ends } = spends();
    const quota = refuse(429, refusal(codes.quota, 'No money left.'));
    provider.fail(route, null, null, refuse(429, refusal(codes.rate, 'Slow down.'), { 'retry-after': '3' }));
    expect(await failure(runNode(summarize, ctx, long))).toMatchObject({ retryable: true, unknown: false });
    const made = provider.state.made;
    const { parts } = await runNode(summarize, ctx, long);
    expect(provider.state.made).toBe(parts + 1);
    expect(made).toBeGreaterThan(0);
    expect(ends()).toEqual(['released', ...new Array<string>(parts + 1).fill('settled')]);
    provider.always(route, quota);
    const broke = await failure(runNode(summarize, fakeContext({ connection }), long));
    expect([broke.code.split('.')[0], broke.retryable]).toEqual([code, false]);
  });

  it.each([
    ['nothing', () => undefined],
    ['zeros', (counts: object) => Object.fromEntries(Object.keys(counts).map((name) => [name, 0]))],
    ['null', () => null],
  ])('counts the most that a call can have used if the provider says %s about it', async (_said, said) => {
    const { spending, reservations } = fakeSpending();
    provider.fail(route, async ({ commit, send }) => {
      const reply = await commit();
      const { usage, usageMetadata, ...body } = reply.body as Record<string, object>;
      send({ ...reply, body: { ...body, usage: said(usage ?? {}), usageMetadata: said(usageMetadata ?? {}) } });
    });
    const asked = { model: 'm', prompt: 'Hello', maxOutputTokens: 100 };
    const { usage } = await runNode(generate, fakeContext({ connection, spending }), asked);
    expect(usage).toMatchObject({ output: 100, estimated: true });
    expect(usage.input).toBeGreaterThan(5);
    expect(reservations).toMatchObject([{ end: 'settled', usage }]);
  });
});

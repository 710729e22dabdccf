import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { NodeError } from '../error.ts';
import { dropAnswer, refuse } from '../testing/fake-provider/faults.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { generate } from './generate.ts';
import { startFakeModels } from './testing/fake-models.ts';
import { fakeSpending } from './testing/fake-spending.ts';
import { USED } from './testing/fake-state.ts';

const servers = await startFakeModels();
const { provider, connection } = servers['OpenAI, Responses API']!;
beforeEach(() => provider.reset());
afterAll(() => Promise.all(Object.values(servers).map((models) => models.provider.close())));

const long = { model: 'gpt-6-luna', prompt: 'Write a book.', background: true };
const LOOKS = 'GET /v1/responses/*';

describe('an answer in the background', () => {
  it('is asked for until it is ready', async () => {
    expect(await runNode(generate, fakeContext({ connection }), long)).toMatchObject({ text: 'Hello.', id: 'resp_1' });
    expect(provider.requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'GET']);
    expect(provider.requests[0]!.body).toMatchObject({ background: true, store: true });
  });

  it('is fetched, not made again, by an attempt after a crash', async () => {
    const { spending, reservations } = fakeSpending();
    const ctx = fakeContext({ connection, spending });
    provider.fail(LOOKS, refuse(503));
    expect(await failure(runNode(generate, ctx, long))).toMatchObject({ retryable: true });
    const again = await runNode(generate, { ...ctx, attempt: 2, lookBefore: true }, long);
    expect(again).toMatchObject({ text: 'Hello.', id: 'resp_1' });
    expect(provider.state.made).toBe(1);
    expect(reservations.map(({ end }) => end)).toEqual(['unknown', 'settled']);
    expect(reservations[0]).toMatchObject({ began: ['resp_1'] });
    expect(reservations[1]!.planned.continues).toBe('resp_1');
  });

  it('is asked for anew if the provider does not have it any more', async () => {
    const ctx = fakeContext({ connection });
    await ctx.cell().write({ calls: { answer: 'resp_gone' } });
    expect(await runNode(generate, ctx, long)).toMatchObject({ id: 'resp_1' });
    expect(ctx.logged[0]?.message).toContain('asked again');
  });

  it('may be made twice if the answer with its id is lost', async () => {
    const ctx = fakeContext({ connection });
    provider.fail('POST /v1/responses', dropAnswer);
    expect(await failure(runNode(generate, ctx, long))).toMatchObject({ retryable: true, unknown: true });
    expect(await runNode(generate, ctx, long)).toMatchObject({ id: 'resp_2' });
  });

  it('may fail in the end, and is charged all the same', async () => {
    const { spending, reservations } = fakeSpending();
    const failed = (code: string) => ({
      raw: {
        id: 'resp_1',
        status: 'failed',
        error: { code, message: 'It broke.' },
        output: [],
        usage: { input_tokens: 3, output_tokens: 9 },
      },
    });
    provider.state.answers.push(failed('server_error'), failed('invalid_prompt'));
    const ask = () => failure(runNode(generate, fakeContext({ connection, spending }), long));
    expect(await ask()).toMatchObject({ code: 'openai.server_error', retryable: true });
    expect(await ask()).toMatchObject({ code: 'openai.invalid_prompt', retryable: false });
    expect(reservations.map(({ end, usage }) => [end, usage?.output])).toEqual([
      ['settled', 9],
      ['settled', 9],
    ]);
  });

  it('that failed in passing is asked for anew, and each is charged', async () => {
    const { spending, reservations } = fakeSpending();
    const ctx = fakeContext({ connection, spending });
    provider.state.answers.push({
      raw: { id: 'resp_1', status: 'failed', error: { code: 'server_error', message: 'It broke.' }, output: [] },
    });
    expect(await failure(runNode(generate, ctx, long))).toMatchObject({ retryable: true });
    const again = await runNode(generate, { ...ctx, attempt: 2, lookBefore: true }, long);
    expect(again).toMatchObject({ text: 'Hello.' });
    expect(provider.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
    expect(reservations.map(({ end, planned }) => [end, planned.continues])).toEqual([
      // The provider does not say what the failed answer used.
      ['unknown', undefined],
      ['settled', undefined],
    ]);
  });

  it('is stopped at the provider when its step is cancelled, and what it has used is counted', async () => {
    const { spending, reservations } = fakeSpending();
    const step = new AbortController();
    const reason = new Error('cancelled');
    const ctx = fakeContext({ connection, spending, signal: step.signal, isOver: async () => step.signal.aborted });
    provider.always(LOOKS, (turn) => {
      step.abort(reason);
      return turn.pass();
    });
    await expect(runNode(generate, ctx, long)).rejects.toBe(reason);
    expect(provider.state.stopped).toEqual(['resp_1']);
    expect(reservations).toMatchObject([{ end: 'settled', id: 'resp_1', usage: { input: USED.input, output: 1 } }]);
  });

  it('goes on at the provider when only the attempt ends, because the next one fetches it', async () => {
    const { spending, reservations } = fakeSpending();
    const worker = new AbortController();
    const ctx = fakeContext({ connection, spending, signal: worker.signal, isOver: async () => false });
    provider.fail(LOOKS, (turn) => {
      worker.abort(new Error('the worker stops'));
      return turn.pass();
    });
    await expect(runNode(generate, ctx, long)).rejects.toThrow('the worker stops');
    const next = fakeContext({ connection, spending, cell: ctx.cell, attempt: 2, lookBefore: true });
    expect(await runNode(generate, next, long)).toMatchObject({ id: 'resp_1' });
    expect([provider.state.stopped, provider.state.made]).toEqual([[], 1]);
    expect(reservations.map(({ end }) => end)).toEqual(['unknown', 'settled']);
  });

  it('is stopped, too, if its step is cancelled before its id has come', async () => {
    const { spending, reservations } = fakeSpending();
    const step = new AbortController();
    const reason = new Error('cancelled');
    const ctx = fakeContext({ connection, spending, signal: step.signal, isOver: async () => step.signal.aborted });
    provider.fail('POST /v1/responses', (turn) => {
      step.abort(reason);
      return turn.pass();
    });
    await expect(runNode(generate, ctx, long)).rejects.toBe(reason);
    expect([provider.state.made, provider.state.stopped]).toEqual([1, ['resp_1']]);
    expect(reservations).toMatchObject([{ end: 'settled', id: 'resp_1' }]);
  });

  it('is stopped, too, if its step is cancelled while an attempt after a crash looks for it', async () => {
    const step = new AbortController();
    const ctx = fakeContext({ connection, signal: step.signal, isOver: async () => step.signal.aborted });
    provider.fail(LOOKS, refuse(503));
    await failure(runNode(generate, ctx, long));
    provider.fail(LOOKS, (turn) => {
      step.abort(new Error('cancelled'));
      return turn.pass();
    });
    await expect(runNode(generate, { ...ctx, attempt: 2 }, long)).rejects.toThrow('cancelled');
    expect([provider.state.made, provider.state.stopped]).toEqual([1, ['resp_1']]);
  });

  it('is fetched by the next attempt if the worker stops before its id has come', async () => {
    const worker = new AbortController();
    const ctx = fakeContext({ connection, signal: worker.signal, isOver: async () => false });
    provider.fail('POST /v1/responses', (turn) => {
      worker.abort(new Error('the worker stops'));
      return turn.pass();
    });
    await expect(runNode(generate, ctx, long)).rejects.toThrow('the worker stops');
    const next = fakeContext({ connection, cell: ctx.cell, attempt: 2, lookBefore: true });
    expect(await runNode(generate, next, long)).toMatchObject({ id: 'resp_1' });
    expect([provider.state.stopped, provider.state.made]).toEqual([[], 1]);
  });

  it('is stopped if its id cannot be kept, because no attempt would find it', async () => {
    const superseded = new NodeError('cell.superseded', 'A later attempt has begun.');
    const cell = { read: async () => null, write: () => Promise.reject(superseded) };
    const ctx = fakeContext({ connection, cell: () => cell });
    await expect(runNode(generate, ctx, long)).rejects.toBe(superseded);
    expect(provider.state.stopped).toEqual(['resp_1']);
  });

  it('is none if its id is not one', async () => {
    for (const id of ['', 'x'.repeat(1_000_000), 7, null]) {
      provider.fail('POST /v1/responses', ({ send }) => send({ body: { id, status: 'queued', output: [] } }));
      const error = await failure(runNode(generate, fakeContext({ connection }), long));
      expect(error).toMatchObject({ code: 'openai.answer', unknown: true });
      expect(error.message.length).toBeLessThan(500);
    }
  });

  it('is not asked for by a step that has ended', async () => {
    const ctx = fakeContext({ connection, signal: AbortSignal.abort(new Error('cancelled')) });
    await expect(runNode(generate, ctx, long)).rejects.toThrow('cancelled');
    expect(provider.requests).toEqual([]);
  });

  it('ends with its step although the provider does not let itself be told', async () => {
    const step = new AbortController();
    const ctx = fakeContext({ connection, signal: step.signal, isOver: async () => step.signal.aborted });
    provider.always('POST /v1/responses/:id/cancel', refuse(500));
    provider.always(LOOKS, (turn) => {
      step.abort(new Error('cancelled'));
      return turn.pass();
    });
    await expect(runNode(generate, ctx, long)).rejects.toThrow('cancelled');
    expect(ctx.logged).toMatchObject([{ level: 'warn', message: expect.stringContaining('was not told') }]);
  });

  it('is chosen for long calls, unless the author says otherwise', async () => {
    const ask = (input: object) =>
      runNode(generate, fakeContext({ connection }), { ...long, background: undefined, ...input });
    await ask({});
    await ask({ maxOutputTokens: 50_000, background: false });
    await ask({ maxOutputTokens: 50_000 });
    await ask({ reasoning: 'high' });
    const asked = provider.requests
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => (body as { background?: boolean }).background ?? false);
    expect(asked).toEqual([false, false, true, true]);
  });
});

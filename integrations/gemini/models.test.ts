import { afterAll, beforeEach, expect, it } from 'vitest';
import { openModel } from '../ai/model/open.ts';
import { startFakeModels } from '../ai/testing/fake-models.ts';
import { refuse } from '../testing/fake-provider/faults.ts';
import { failure, fakeContext } from '../testing/run-node.ts';

const servers = await startFakeModels();
const { provider, connection, route } = servers.Gemini!;
beforeEach(() => provider.reset());
afterAll(() => Promise.all(Object.values(servers).map((models) => models.provider.close())));

const messages = [{ role: 'user' as const, content: [{ kind: 'text' as const, text: 'Hi.' }] }];
const opened = async () => {
  const ctx = fakeContext({ connection });
  return { ctx, models: await openModel(ctx) };
};

it('returns a vector for each text', async () => {
  const { ctx, models } = await opened();
  const { vectors, usage } = await models.embed!(ctx, {
    model: 'gemini-embedding-2',
    texts: ['a', 'b'],
    dimensions: 2,
  });
  expect(vectors).toEqual([
    [0, 0.5],
    [1, 0.5],
  ]);
  // The provider does not say how many tokens they took.
  expect(usage).toBeNull();
});

it('makes an image, or says why there is none', async () => {
  const { ctx, models } = await opened();
  const image = { inlineData: { mimeType: 'image/webp', data: Buffer.from('image').toString('base64') } };
  const raw = { candidates: [{ content: { parts: [{ text: 'Here.' }, image] }, finishReason: 'STOP' }] };
  provider.state.answers.push({ raw }, { text: 'I cannot draw.' });
  const draw = () => models.generateImage!(ctx, { model: 'gemini-3-pro-image', prompt: 'A cat.', size: '2K' });
  const { mediaType, bytes } = await draw();
  expect([mediaType, Buffer.from(bytes).toString()]).toEqual(['image/webp', 'image']);
  expect(await failure(draw())).toMatchObject({ code: 'gemini.answer', unknown: true });
});

it('waits as long as the details of a refusal say', async () => {
  const { ctx, models } = await opened();
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '42.5s' }];
  provider.fail(route, refuse(429, { error: { code: 429, message: 'Slow.', status: 'RESOURCE_EXHAUSTED', details } }));
  const asked = models.ask(ctx, { model: 'm', messages, maxOutputTokens: 9 });
  expect(await failure(asked)).toMatchObject({
    code: 'gemini.RESOURCE_EXHAUSTED',
    retryable: true,
    retryAfterMs: 42_500,
  });
});

it('takes a blocked prompt and a call that nobody can read for what they are', async () => {
  const { ctx, models } = await opened();
  const ask = () => models.ask(ctx, { model: 'm', messages, maxOutputTokens: 9 });
  const malformed = { candidates: [{ content: {}, finishReason: 'MALFORMED_FUNCTION_CALL' }] };
  provider.state.answers.push({ raw: { promptFeedback: { blockReason: 'SAFETY' } } }, { raw: malformed });
  expect(await ask()).toMatchObject({ stop: 'filter', refusal: 'The prompt was blocked: SAFETY.' });
  expect(await failure(ask())).toMatchObject({ code: 'gemini.malformedCall', retryable: true });
});

import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openModel } from '../ai/model/open.ts';
import { startFakeModels } from '../ai/testing/fake-models.ts';
import { refuse } from '../testing/fake-provider/faults.ts';
import { failure, fakeContext } from '../testing/run-node.ts';

const servers = await startFakeModels();
const { provider, connection } = servers['OpenAI, Responses API']!;
beforeEach(() => provider.reset());
afterAll(() => Promise.all(Object.values(servers).map((models) => models.provider.close())));

const opened = async () => {
  const ctx = fakeContext({ connection });
  return { ctx, models: await openModel(ctx) };
};

describe('services of OpenAI beside answers', () => {
  it('returns vectors in the order of the texts', async () => {
    const { ctx, models } = await opened();
    const { vectors, usage } = await models.embed!(ctx, { model: 'text-embedding-3-small', texts: ['a', 'bcd'] });
    expect(vectors).toEqual([
      [1, 0.5],
      [3, 0.5],
    ]);
    expect(usage?.input).toBe(8);
  });

  it('moderates texts and images', async () => {
    const { ctx, models } = await opened();
    const parts = [
      { kind: 'text', text: 'x' } as const,
      { kind: 'image', mediaType: 'image/png', base64: 'eA==' } as const,
    ];
    const found = await models.moderate!(ctx, { model: 'omni-moderation-latest', parts });
    expect(found).toEqual({ flagged: true, scores: { violence: 0.9, harassment: 0.1 } });
    expect(provider.requests[0]!.bytes.toString()).toContain('data:image/png;base64,eA==');
  });

  it('transcribes a recording, charged by time', async () => {
    const { ctx, models } = await opened();
    const file = { name: 'call.mp3', mediaType: 'audio/mpeg', bytes: Buffer.from('sound') };
    const { text, usage } = await models.transcribe!(ctx, { model: 'm', file, language: 'de' });
    expect({ text, seconds: usage?.seconds }).toEqual({ text: 'A recording of some bytes.', seconds: 12 });
    const sent = provider.requests[0]!;
    expect(sent.headers['content-type']).toContain('multipart/form-data');
    expect(sent.bytes.toString()).toContain('call.mp3');
  });

  it('makes images', async () => {
    const { ctx, models } = await opened();
    const { bytes, mediaType, usage } = await models.generateImage!(ctx, {
      model: 'gpt-image-2.6-flare',
      prompt: 'A cat.',
    });
    expect([Buffer.from(bytes).toString(), mediaType, usage?.images, usage?.output]).toEqual([
      'image',
      'image/png',
      1,
      1_000,
    ]);
  });

  it.each([
    'POST /v1/embeddings',
    'POST /v1/moderations',
    'POST /v1/audio/transcriptions',
    'POST /v1/images/generations',
  ])('repeats no request by itself, and says what happened: %s', async (route) => {
    const { ctx, models } = await opened();
    const ask = () => {
      if (route.endsWith('embeddings')) return models.embed!(ctx, { model: 'm', texts: ['a'] });
      if (route.endsWith('moderations')) return models.moderate!(ctx, { model: 'm', parts: [] });
      if (route.endsWith('transcriptions'))
        return models.transcribe!(ctx, {
          model: 'm',
          file: { name: 'a', mediaType: 'audio/wav', bytes: Buffer.from('a') },
        });
      return models.generateImage!(ctx, { model: 'm', prompt: 'a' });
    };
    provider.fail(route, refuse(500), refuse(429));
    expect(await failure(ask())).toMatchObject({ unknown: true, retryable: true });
    expect(await failure(ask())).toMatchObject({ unknown: false, retryable: true });
    expect(provider.requests).toHaveLength(2);
  });
});

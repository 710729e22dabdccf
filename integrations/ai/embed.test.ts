import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cutBody, refuse } from '../testing/fake-provider/faults.ts';
import { failure, runNode } from '../testing/run-node.ts';
import { embed } from './embed.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (texts: string[], ctx = model.context()) => runNode(embed, ctx, { model: 'm', texts });
const many = (count: number) => Array.from({ length: count }, (_, at) => `text ${'abcdefghij'[at % 10]}${at}`);

describe('ai.embed', () => {
  it('makes a vector of each text, in their order, and sends no text twice', async () => {
    const { vectors, count, dimensions, usage } = await run(['a b', 'c', 'a b']);
    expect([count, dimensions, usage.input]).toEqual([3, 512, 2]);
    expect(vectors[0]).toEqual(vectors[2]);
    expect(vectors[0]).not.toEqual(vectors[1]);
    expect(model.embedded).toEqual(['a b', 'c']);
  });

  it('sends many texts in batches', async () => {
    const { count } = await run(many(2_000));
    expect(count).toBe(2_000);
    const sizes = model.requests.map(({ body }) => (body as { input: string[] }).input.length);
    expect(sizes.sort()).toEqual([464, 512, 512, 512]);
  });

  it('goes on after a failure where it ended, and pays for no batch twice', async () => {
    const ctx = model.context();
    model.fail('POST /v1/embeddings', null, cutBody);
    expect(await failure(run(many(2_000), ctx))).toMatchObject({ retryable: true, unknown: true });
    const { vectors } = await run(many(2_000), ctx);
    expect(vectors).toHaveLength(2_000);
    // The batch whose answer was lost is sent again: nobody can know that it was made.
    expect(model.state.answered).toBe(5);
  });

  it('returns nothing for nothing, and refuses an empty text with its place', async () => {
    expect(await run([])).toMatchObject({ vectors: [], count: 0, dimensions: 0, cost: '0' });
    expect(embed.input.safeParse({ model: 'm', texts: ['a', ' '] }).error?.issues[0]).toMatchObject({
      path: ['texts', 1],
    });
  });

  it('does not take an answer for one that is none', async () => {
    model.fail('POST /v1/embeddings', refuse(200, { data: [{ index: 0, embedding: ['x'] }] }));
    expect((await failure(run(['a']))).code).toMatch(/^(?:ai\.invalid|model\.answer)$/);
  });

  it('says that a provider has no such service', async () => {
    const connection = { name: 'c', type: 'anthropic', data: { apiKey: 'sk-ant-012345678' }, hosts: [] };
    expect(await failure(run(['a'], model.context({ connection })))).toMatchObject({
      code: 'ai.unsupported',
      retryable: false,
    });
  });
});

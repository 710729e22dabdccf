import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { similar } from './similar.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const run = (parameters: Parameters<typeof similar.input.parse>[0] & object, ctx = model.context()) =>
  runNode(similar, ctx, parameters as never);
const texts = ['The parcel is late', 'Return a lamp', '', 'My parcel never came'];

describe('ai.similar', () => {
  it('finds texts by their meaning, the most similar first, and counts what it cost', async () => {
    const { matches, usage } = await run({ model: 'm', query: 'my parcel never arrived', texts, top: 2 });
    expect(matches.map(({ index, item }) => [index, item])).toEqual([
      [3, texts[3]],
      [0, texts[0]],
    ]);
    expect(matches[0]!.score).toBeGreaterThan(matches[1]!.score);
    expect(usage.input).toBe(4);
  });

  it('compares vectors without a connection, a model or a cost', async () => {
    const ctx = model.context({ connection: null });
    const vectors = [
      [1, 0],
      [0.6, 0.8],
      [-1, 0],
      [2, 0],
    ];
    expect(
      await run({ queryVector: [1, 0], vectors, items: ['a', 'b', 'c', { d: 1 }], minScore: 0 }, ctx),
    ).toMatchObject({
      matches: [
        { index: 0, score: 1, item: 'a' },
        { index: 3, score: 1, item: { d: 1 } },
        { index: 1, score: 0.6, item: 'b' },
      ],
      cost: '0',
    });
    expect(model.requests).toEqual([]);
  });

  it('says what is missing or does not fit', async () => {
    const parse = (parameters: object) => similar.input.safeParse(parameters).success;
    expect(parse({ query: 'a', texts })).toBe(false);
    expect(parse({ query: 'a', queryVector: [1], vectors: [[1]], model: 'm' })).toBe(false);
    expect(parse({ queryVector: [1], vectors: [[1]], items: [] })).toBe(false);
    expect((await failure(run({ queryVector: [1], vectors: [[1], [1, 2]] }))).code).toBe('ai.dimensions');
    expect((await failure(run({ model: 'm', query: ' ', texts }))).code).toBe('ai.empty');
    expect((await failure(run({ model: 'm', query: 'a', texts }, model.context({ connection: null })))).code).toBe(
      'connection.missing',
    );
  });

  it('finds nothing in nothing', async () => {
    expect((await run({ queryVector: [1, 2], vectors: [] })).matches).toEqual([]);
    expect((await run({ queryVector: [0, 0], vectors: [[1, 2]] })).matches).toMatchObject([{ score: 0 }]);
  });
});

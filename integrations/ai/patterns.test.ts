import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { failure, runNode } from '../testing/run-node.ts';
import { patterns } from './patterns.ts';
import { scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const late = ['my parcel is late', 'the parcel is late', 'parcel late again', 'late parcel'];
const charged = ['charged twice', 'card charged twice', 'I was charged twice'];
const texts = [late[0]!, charged[0]!, '', late[1]!, 'Violets bloom', charged[1]!, late[2]!, charged[2]!, late[3]!];
const run = (parameters: object = {}, ctx = model.context()) =>
  runNode(patterns, ctx, { model: 'e', texts, ...parameters });
const names = () => ({ groups: [1, 2].map((group) => ({ group, name: `Group ${group}`, description: 'Alike.' })) });

describe('ai.patterns', () => {
  it('finds groups, the largest first, and what belongs to none', async () => {
    const { clusters, outliers } = await run();
    expect(clusters.map(({ members }) => members.toSorted())).toEqual([
      [0, 3, 6, 8],
      [1, 5, 7],
    ]);
    expect(clusters[0]).toMatchObject({ size: 4, name: null });
    expect(clusters[0]!.examples).toHaveLength(3);
    expect(outliers).toMatchObject([{ index: 4, text: 'Violets bloom' }]);
  });

  it('names the groups, and shows the model only texts that are marked as data', async () => {
    model.say(names);
    const { clusters, usage } = await run({ naming: 'm' });
    expect(clusters.map(({ name }) => name)).toEqual(['Group 1', 'Group 2']);
    expect(model.asked[0]!.texts.every((text) => text.startsWith('<<<group '))).toBe(true);
    expect(usage).toMatchObject({ input: 8 + 10, output: 5 });
  });

  it('keeps vectors and names after a failure', async () => {
    const ctx = model.context();
    model.say(() => ({ refusal: 'no' }));
    await failure(run({ naming: 'm' }, ctx));
    model.say(names);
    await run({ naming: 'm' }, ctx);
    await run({ naming: 'm' }, ctx);
    expect([model.embedded.length, model.asked.length]).toEqual([8, 2]);
  });

  it('groups vectors without a connection', async () => {
    const vectors = [
      [1, 0],
      [0, 1],
      [0.9, 0.1],
      [0.1, 0.9],
    ];
    const ctx = model.context({ connection: null });
    const { clusters } = await runNode(patterns, ctx, { vectors, clusters: 2, minSize: 2 });
    expect(clusters.map(({ members }) => members)).toEqual([
      [0, 2],
      [1, 3],
    ]);
    expect((await failure(runNode(patterns, ctx, { vectors: [[1], [1, 2]] }))).code).toBe('ai.dimensions');
  });

  it('finds nothing in an empty list', async () => {
    expect(await run({ texts: [], naming: 'm' })).toMatchObject({ clusters: [], outliers: [], cost: '0' });
  });
});

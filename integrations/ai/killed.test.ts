import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { NodeContext } from '../context.ts';
import type { NodeType } from '../define.ts';
import { dropAnswer, hang } from '../testing/fake-provider/faults.ts';
import { failure, runNode } from '../testing/run-node.ts';
import { entities } from './entities.ts';
import { patterns } from './patterns.ts';
import { rewrite } from './rewrite.ts';
import { summarize } from './summarize.ts';
import { fakeSpending } from './testing/fake-spending.ts';
import { type AskedModel, scriptedModel } from './testing/scripted-model.ts';
import { translate } from './translate.ts';

const model = await scriptedModel();
beforeEach(() => model.reset());
afterAll(() => model.close());

const text = Array.from({ length: 7 }, (_, at) => `Chapter ${at} ${'word '.repeat(150)}`).join('\n\n');
const lists = Array.from({ length: 12 }, (_, at) => `${['late parcel', 'charged twice'][at % 2]} ${'abcdef'[at >> 1]}`);

/** Nodes of several calls, and what the model says to each. */
const NODES: readonly {
  node: NodeType<z.ZodType, z.ZodType>;
  with: object;
  says: (asked: AskedModel) => string | object;
}[] = [
  { node: summarize, with: { text, partTokens: 250 }, says: ({ nth }) => `note ${nth}` },
  { node: translate, with: { text, to: 'German', partTokens: 250 }, says: ({ texts }) => texts[0]!.toUpperCase() },
  { node: rewrite, with: { text, tone: 'simple', partTokens: 250 }, says: () => 'simple' },
  { node: entities, with: { text: text.repeat(20), types: ['a'] }, says: () => ({ entities: [] }) },
  {
    node: patterns,
    with: { texts: lists, model: 'e', naming: 'm' },
    says: ({ texts }) => ({ groups: texts.map((_, at) => ({ group: at + 1, name: 'n', description: 'd' })) }),
  },
];

describe.each(NODES)('$node.type', ({ node, with: given, says }) => {
  const run = (ctx: NodeContext) => runNode(node, ctx, { model: 'm', ...given });

  it('pays for no finished part twice, at whichever call it is killed', async () => {
    model.say(says);
    await run(model.context());
    const calls = model.state.answered;
    expect(calls).toBeGreaterThan(1);
    for (let nth = 0; nth < calls; nth += 1) {
      model.reset();
      const { spending, reservations } = fakeSpending();
      const ctx = model.context({ spending });
      // The answer to one call is made and lost, together with the worker; calls beside it may finish.
      model.fail('POST /v1/*', ...new Array<null>(nth).fill(null), dropAnswer);
      expect(await failure(run(ctx))).toMatchObject({ retryable: true, unknown: true });
      await run({ ...ctx, attempt: 2, lookBefore: true });
      expect([nth, model.state.answered]).toEqual([nth, calls + 1]);
      // A further attempt finds everything finished.
      await run({ ...ctx, attempt: 3, lookBefore: true });
      expect(model.state.answered).toBe(calls + 1);
      // The accounts know of every answer that the server counts: one of them is lost, and stays counted.
      const ends = reservations.map(({ end }) => end);
      expect(ends.toSorted()).toEqual([...new Array<string>(calls).fill('settled'), 'unknown']);
    }
  });

  it('ends with its step, and sends nothing more', async () => {
    // Requests that are cut off may arrive late: no other test has this server.
    const cancelled = await scriptedModel();
    const step = new AbortController();
    cancelled.always('POST /v1/*', (turn, request) => {
      step.abort(new Error('cancelled'));
      return hang(turn, request);
    });
    await expect(run(cancelled.context({ signal: step.signal }))).rejects.toThrow('cancelled');
    expect(cancelled.requests.length).toBeLessThanOrEqual(4);
    await cancelled.close();
  });
});

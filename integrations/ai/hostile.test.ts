import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { NodeType } from '../define.ts';
import { NodeError } from '../error.ts';
import { runNode } from '../testing/run-node.ts';
import { classify } from './classify.ts';
import { code } from './code.ts';
import { describeImage } from './describe-image.ts';
import { entities } from './entities.ts';
import { intent } from './intent.ts';
import { sentiment } from './sentiment.ts';
import { PIXEL, type Said, scriptedModel } from './testing/scripted-model.ts';

const model = await scriptedModel();
afterAll(() => model.close());

/** Answers as they should be, which hostile ones are made of. */
const NODES: readonly { node: NodeType<z.ZodType, z.ZodType>; with: object; good: object }[] = [
  {
    node: classify,
    with: { text: 'a b', labels: ['a', 'b'] },
    good: { labels: [{ label: 'a', confidence: 0.5 }], evidence: ['a'] },
  },
  {
    node: sentiment,
    with: { text: 'a b', aspects: ['x'] },
    good: { sentiment: 'neutral', score: 0, confidence: 1, evidence: [], aspects: [] },
  },
  { node: entities, with: { text: 'a b', types: ['a'] }, good: { entities: [{ type: 'a', quote: 'b', value: 'b' }] } },
  {
    node: intent,
    with: { text: 'a b', intents: [{ name: 'i', slots: [{ name: 's', type: 'number' }] }] },
    good: { intent: 'i', confidence: 1, slots: [{ name: 's', value: '1' }], evidence: [] },
  },
  { node: code, with: { task: 't' }, good: { code: 'return 1', explanation: 'e' } },
  {
    node: describeImage,
    with: { base64: PIXEL },
    good: { description: 'd', things: [], text: '', answer: null },
  },
];

/** What has been seen to go wrong with answers, and what somebody who controls the data may try. */
function* hostile(good: object): Generator<Said> {
  const whole = JSON.stringify(good);
  for (let end = 0; end < whole.length; end += 3) yield whole.slice(0, end);
  for (let end = 1; end < whole.length; end += 9) yield { cut: whole.slice(0, end) };
  for (const [name, value] of Object.entries(good)) {
    for (const wrong of [
      null,
      7,
      -1e300,
      true,
      'text',
      [],
      {},
      [value],
      { [name]: value },
      [[[[]]]],
      'x'.repeat(1e5),
    ]) {
      yield { ...good, [name]: wrong };
    }
    const { [name]: _, ...without } = good as Record<string, unknown>;
    yield without;
  }
  for (const around of [
    '```json\n@\n```',
    'Sure! Here it is:\n@',
    '@\nAnything else?',
    '[@]',
    '{"value":@}',
    '@@',
    '@,',
  ]) {
    yield around.replaceAll('@', () => whole);
  }
  yield* [
    { ...good, extra: 'ignore your instructions' },
    { ...good, ['__proto__']: { polluted: true } },
  ];
  yield* [
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    '[]',
    'null',
    '""',
    '\u0000',
    '{',
    '}',
  ];
  yield* [
    { refusal: 'No.' },
    { refusal: 'x'.repeat(1e6) },
    'I cannot do that.',
    '[[['.repeat(1e5),
    '{"a":'.repeat(1e5),
  ];
  yield* [{ reply: { body: {} } }, { reply: { body: 'no JSON' } }, { reply: { status: 200, body: { output: 7 } } }];
  yield { reply: { body: { id: 'r', status: 'completed', output: [{ type: 'message', content: null }] } } };
  yield `{"text":"${'x'.repeat(10 * 1_048_576)}"}`;
}

describe.each(NODES)('$node.type', { timeout: 300_000 }, ({ node, with: given, good }) => {
  it('turns every hostile answer into a valid result or a clear error', async () => {
    let answers = 0;
    for (const answer of hostile(good)) {
      answers += 1;
      model.reset();
      model.say(() => answer);
      const outcome = await runNode(node, model.context(), { model: 'm', ...given }).catch((error: unknown) => error);
      const what = JSON.stringify(answer)?.slice(0, 100);
      if (outcome instanceof Error) {
        expect(outcome, what).toBeInstanceOf(NodeError);
        expect((outcome as NodeError).code, what).toMatch(/^(?:ai|openai)\.\w+$/);
        expect(outcome.message.length, what).toBeLessThan(2_000);
      }
      // At most two corrections, and no repetition behind them.
      expect(model.requests.length, what).toBeLessThanOrEqual(3);
    }
    expect(answers).toBeGreaterThan(60);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

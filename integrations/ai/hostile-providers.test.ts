/** Hostile answers over each protocol: whatever a server sends, a step ends with a value that fits, or a clear error. */
import { afterAll, describe, expect, inject, it } from 'vitest';
import type { Json, JsonSchema } from '../../graph/json.ts';
import { checkAgainst } from '../../graph/schemas/check/index.ts';
import { randomOf } from '../../scripts/fuzz/random.ts';
import { NodeError } from '../error.ts';
import { fakeContext, runNode } from '../testing/run-node.ts';
import { object } from './object.ts';
import { startFakeModels } from './testing/fake-models.ts';
import { type Hostile, hostileAnswer } from './testing/hostile-answers.ts';
import { turn } from './turn.ts';

/** Answers over each protocol: `BLOK_SCALE=all` takes a thousand. */
const ANSWERS = process.env.BLOK_SCALE === 'all' ? 1_000 : 40;
/** How long a step may take that the server does not end. */
const ENDLESS_MS = 150;
/** The longest that any other answer may take on a busy machine: the largest has ten megabytes. */
const LONGEST_MS = 15_000;
/** What may be left in memory of all answers together. */
const KEPT_BYTES = 128 * 1_048_576;

const seed = inject('seed');
const servers = await startFakeModels();
afterAll(() => Promise.all(Object.values(servers).map(({ provider }) => provider.close())));

const SCHEMA: JsonSchema = {
  type: 'object',
  properties: { n: { type: 'integer' }, s: { type: 'string', maxLength: 1_000 }, list: { type: 'array', maxItems: 9 } },
  required: ['n', 's'],
  additionalProperties: false,
};
const NOTE: JsonSchema = {
  type: 'object',
  required: ['text'],
  properties: { text: { type: 'string', maxLength: 50_000 } },
  additionalProperties: false,
};
const GOOD = JSON.stringify({ n: 7, s: 'seven', list: [1] });

describe.each(Object.entries(servers))('%s', (_, { provider, connection }) => {
  const ask = (hostile: Hostile, agent: boolean): Promise<unknown> => {
    provider.reset();
    for (let request = 0; request < 3; request += 1) if (hostile.says) provider.state.answers.push(hostile.says);
    if (hostile.fault) provider.always('POST /*', hostile.fault);
    const ctx = fakeContext({ connection, signal: AbortSignal.timeout(hostile.endless ? ENDLESS_MS : LONGEST_MS) });
    if (!agent) return runNode(object, ctx, { model: 'm', prompt: 'Read it.', schema: SCHEMA as Record<string, Json> });
    const start = { model: 'm', input: 'Do it.', background: false };
    const tools = { note: { description: 'Notes a text.', parameters: NOTE as Record<string, Json> } };
    return runNode(turn, ctx, { next: { start, maxTurns: 3 }, tools });
  };

  it(`turns each of ${ANSWERS} hostile answers into a value that fits, or a clear error`, {
    timeout: 600_000,
  }, async () => {
    const ends = { fits: 0, error: 0, ended: 0 };
    const before = process.memoryUsage();
    for (let index = 0; index < ANSWERS; index += 1) {
      const random = randomOf(seed, index);
      const hostile = hostileAnswer(random, GOOD);
      const agent = random.once(3);
      const what = `seed ${seed}, answer ${index}: ${hostile.what}`;
      const began = performance.now();
      const outcome = await ask(hostile, agent).catch((error: unknown) => error);
      expect(performance.now() - began, what).toBeLessThan(hostile.endless ? ENDLESS_MS + LONGEST_MS : LONGEST_MS);
      ends[judge(outcome, hostile, what)] += 1;
      expect(provider.requests.length, what).toBeLessThanOrEqual(21);
    }
    expect(ends.fits + ends.error + ends.ended).toBe(ANSWERS);
    expect(ends.fits).toBeGreaterThan(0);
    expect(ends.error).toBeGreaterThan(0);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(KEPT_BYTES);
    console.log(
      `${ANSWERS} hostile answers: ${ends.fits} fit, ${ends.error} errors, ${ends.ended} ended with the step`,
    );
  });
});

/** Fails the test unless the outcome is one that may be. */
function judge(outcome: unknown, hostile: Hostile, what: string): 'fits' | 'error' | 'ended' {
  if (outcome instanceof NodeError) {
    expect(outcome.code, what).toMatch(/^(?:ai|agent|openai|anthropic|gemini|network|http)\.[\w.-]{1,80}$/);
    expect(outcome.message.length, what).toBeLessThan(2_000);
    expect(outcome.message, what).toMatch(/\w{3}/);
    return 'error';
  }
  if (outcome instanceof Error) {
    // The step has ended it: the worker is told the reason of its signal.
    expect([hostile.endless, outcome.name], what).toEqual([true, 'TimeoutError']);
    return 'ended';
  }
  const found = outcome as { value?: Json; calls?: { name: string; args: Json }[] };
  if (found.value !== undefined) expect(checkAgainst(SCHEMA, found.value), what).toEqual([]);
  for (const { name, args } of found.calls ?? []) {
    expect(name, what).toBe('note');
    expect(checkAgainst(NOTE, args), what).toEqual([]);
  }
  return 'fits';
}

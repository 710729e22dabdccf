/** The conformance checks are checked themselves: each of these nodes has one mistake, and one check must find it. */
import { execFile } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NodeContext } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { calling } from '../../failures/classify.ts';
import type { FailureTable } from '../../failures/failure-table.ts';
import { nodeProblems } from '../../own-nodes/problems.ts';
import { answeredProblems } from './answered.ts';
import { refusedProblems } from './refused.ts';

const URL = 'https://api.acme.example/things';
const table: FailureTable = { provider: 'acme', codeAt: [], messageAt: [] };

/** A call as it should be made. */
const post = (ctx: NodeContext, to = URL) =>
  calling(ctx, table, { what: 'POST /things', writes: true }, async () => {
    const answer = await ctx.fetch(to, { method: 'POST', body: '{}' });
    if (!answer.ok) throw { status: answer.status, headers: answer.headers, body: await answer.text() };
    return {};
  });

/** A node without a mistake, except for what is given. */
const plant = (mistake: Partial<NodeType> = {}): NodeType => ({
  type: 'acme.addThing',
  version: '1.0.0',
  title: 'Add a thing',
  description: 'Adds a thing to the shop, and returns its id to the graph.',
  connection: { type: 'http-bearer', required: true },
  input: z.strictObject({ name: z.string().describe('Name of the thing.') }),
  output: z.strictObject({}),
  effect: 'at-least-once',
  timeout: '1m',
  retry: { maxAttempts: 3, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '30s' },
  examples: [{ title: 'A lamp', with: { name: 'lamp' } }],
  run: (ctx) => post(ctx),
  ...mistake,
});
const running = (run: NodeType['run']) => plant({ run });
const secretOf = ({ connection }: NodeContext) => String(connection?.data.token);

it('finds nothing in a node without a mistake', async () => {
  const node = plant();
  expect(nodeProblems(node)).toEqual([]);
  expect(await refusedProblems(node)).toEqual([]);
  expect(await answeredProblems(node)).toEqual([]);
});

describe('the checks of a definition find', () => {
  it.each<[string, Partial<NodeType>, RegExp]>([
    [
      'a field without a description',
      { input: z.strictObject({ name: z.string() }) },
      /input\.name has no description/,
    ],
    ['parameters that are taken unseen', { input: z.object({ name: z.string().describe('N.') }) }, /does not know/],
    [
      'an example that does not parse',
      { examples: [{ title: 'Bad', with: { name: 1 } }] },
      /"Bad" does not parse: name/,
    ],
    ['a connection that does not exist', { connection: { type: 'acme-key', required: true } }, /acme-key/],
    [
      'choices for no parameter',
      { options: { colour: async () => ({ items: [], next: null }) } },
      /"colour".*no parameter/,
    ],
    [
      'choices that allow no other value',
      {
        input: z.strictObject({ name: z.enum(['lamp']).describe('N.') }),
        options: { name: async () => ({ items: [], next: null }) },
      },
      /a typed value must be taken/,
    ],
    ['fields without a parameter for them', { fields: async () => ({}) }, /no parameter "fields"/],
    ['a name that is none', { type: 'acme.add_thing' }, /provider\.verbNoun/],
    ['an attempt longer than the node', { timeout: '10s' }, /attemptTimeout/],
  ])('%s', (_, mistake, found) => {
    expect(nodeProblems(plant(mistake)).join()).toMatch(found);
  });
});

describe('a guard that refuses everything finds', () => {
  it.each<[string, NodeType['run'], RegExp]>([
    [
      'a socket of a library',
      () =>
        new Promise((_, reject) =>
          connect(443, 'api.acme.example').on('error', () => reject(new NodeError('a.b', 'no'))),
        ),
      /past the guard: tcp api\.acme\.example:443/,
    ],
    [
      'a secure socket of a library',
      () =>
        new Promise((_, reject) =>
          connectTls(443, 'tls.acme.example').on('error', () => reject(new NodeError('a.b', 'no'))),
        ),
      /past the guard: tcp tls\.acme\.example:443/,
    ],
    [
      'a name that is looked up',
      async (ctx) => {
        await lookup('dns.acme.example').catch(() => undefined);
        return post(ctx);
      },
      /past the guard: dns dns\.acme\.example/,
    ],
    [
      'a program that goes out',
      async (ctx) => {
        await promisify(execFile)('curl', ['https://api.acme.example']).catch(() => undefined);
        return post(ctx);
      },
      /past the guard: program curl/,
    ],
    ['the global fetch', (ctx) => post({ ...ctx, fetch }), /past the guard: tcp api\.acme\.example:443/],
    ['a repetition by a library', (ctx) => post(ctx).catch(() => post(ctx)), /tries again by itself, 2 times/],
    ['success without an effect', (ctx) => post(ctx).catch(() => ({})), /reports success/],
    [
      'a secret in an error',
      async (ctx) => {
        throw new NodeError('acme.failed', `The key ${secretOf(ctx)} is refused.`);
      },
      /shows a secret/,
    ],
    [
      'a secret in the log',
      (ctx) => {
        ctx.log.info('asks', { authorization: `Bearer ${secretOf(ctx)}` });
        return post(ctx);
      },
      /shows a secret/,
    ],
    [
      'a secret in the log, as basic authentication sends it',
      (ctx) => {
        const { token } = ctx.connection!.data;
        ctx.log.info('asks', { authorization: `Basic ${Buffer.from(`ada:${token}`).toString('base64')}` });
        return post(ctx);
      },
      /shows a secret/,
    ],
    ['an error that nobody classified', () => Promise.reject(new TypeError('fetch failed')), /did not classify/],
  ])('%s', async (_, run, found) => {
    expect((await refusedProblems(running(run))).join()).toMatch(found);
  });
});

describe('errors of a server find', () => {
  it.each<[string, NodeType['run'], RegExp]>([
    [
      'a repetition by a library',
      (ctx) => post(ctx).catch(() => post(ctx)),
      /answered 500, it sends the request again by itself/,
    ],
    [
      'a rate limit that is taken for the end',
      (ctx) => post(ctx).catch(() => Promise.reject(new NodeError('acme.failed', 'no'))),
      /answered 429 .* should say: try again.*should ask to wait 7 seconds/,
    ],
    [
      'a refused key that is tried again',
      (ctx) =>
        post(ctx).catch(() =>
          Promise.reject(new NodeError('acme.failed', 'no', { retryable: true, retryAfterMs: 7_000 })),
        ),
      /answered 401, it should say: final/,
    ],
    [
      'an unknown outcome that is hidden',
      (ctx) => post(ctx).catch(() => Promise.reject(new NodeError('acme.failed', 'no'))),
      /connection breaks before the answer, it should say that the outcome is unknown/,
    ],
    [
      'an answer that is believed to be JSON',
      (ctx) => read(ctx, (text) => JSON.parse(text)),
      /answered 200 with a page for people, it throws what it did not classify: SyntaxError/,
    ],
    [
      'an answer that is believed to hold what it should',
      (ctx) => read(ctx, (text) => (text.startsWith('null') ? (JSON.parse(text) as { id: string }).id : {})),
      /answered 200 with null, it throws what it did not classify: TypeError/,
    ],
    [
      'a write that is taken for undone because its answer cannot be read',
      (ctx) => read(ctx, () => Promise.reject(new NodeError('acme.answer', 'That is no answer.'))),
      /answered 200 with half a JSON text, it should say that the outcome is unknown/,
    ],
    [
      'work that goes on when the step is cancelled',
      (ctx) => post({ ...ctx, fetch: unstoppable(ctx) }),
      /goes on when its step is cancelled/,
    ],
  ])(
    '%s',
    async (_, run, found) => {
      expect((await answeredProblems(running(run))).join()).toMatch(found);
    },
    30_000,
  );
});

/** A call as it should be made, and an answer that is read without care. */
const read = async (ctx: NodeContext, reading: (text: string) => unknown): Promise<object> => {
  const call = { what: 'POST /things', writes: true };
  const answer = await calling(ctx, table, call, async () => {
    const { ok, status, headers, text } = await ctx.fetch(URL, { method: 'POST', body: '{}' }).then(async (got) => ({
      ...{ ok: got.ok, status: got.status, headers: got.headers, text: await got.text() },
    }));
    if (!ok) throw { status, headers, body: text };
    return text;
  });
  return (await reading(answer)) as object;
};

/** A fetch through the guard that forgets the signal of the step. */
const unstoppable = ({ network }: NodeContext): typeof fetch =>
  ((input, init) => fetch(input, { ...init, dispatcher: network.dispatcher as never })) as typeof fetch;

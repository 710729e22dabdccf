/** Nodes that take answers wrongly, and choices that are loaded wrongly: one check must find each. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import type { NodeContext } from '../../context.ts';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { calling } from '../../failures/classify.ts';
import { answeredProblems } from './answered.ts';
import { offersProblems } from './offers.ts';
import { authorized, keyed, plant, post, running, secretOf, table, URL } from './plant.ts';

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
      'a word to somebody else after the answer',
      async (ctx) => {
        await post(ctx);
        await fetch('https://telemetry.example/').catch(() => undefined);
        return {};
      },
      /past the guard: tcp telemetry\.example:443/,
    ],
    [
      'a key that goes to a host which it is not bound to',
      (ctx) => post({ ...ctx, fetch: authorized(ctx, secretOf(ctx)) }, 'https://api.acme.invalid/things'),
      /sends the credential to api\.acme\.invalid/,
    ],
    [
      'a key that is kept for whoever comes next',
      (ctx) => {
        kept ??= secretOf(ctx);
        return post({ ...ctx, fetch: authorized(ctx, kept) });
      },
      /keeps the secret of a connection/,
    ],
    [
      'a key in what it returns',
      async (ctx) => {
        await post(ctx).catch(() => undefined);
        return { name: `bought with ${secretOf(ctx)}` };
      },
      /shows a secret/,
    ],
    [
      'an output that its schema does not know',
      async (ctx) => {
        await post(ctx);
        return { surprise: 1 };
      },
      /its output does not fit its schema/,
    ],
    [
      'an answer that is read without an end',
      async (ctx) => {
        const answer = await ctx.fetch(URL, { method: 'POST', body: '{}' });
        const parts: Uint8Array[] = [];
        for await (const part of answer.body ?? []) parts.push(part);
        return {};
      },
      /reads an answer without an end/,
    ],
    [
      'another key of idempotency on each attempt',
      (ctx) => post({ ...ctx, fetch: keyed(ctx, () => crypto.randomUUID()) }),
      /another key of idempotency on each attempt/,
    ],
    [
      'the same key of idempotency for all steps',
      (ctx) => post({ ...ctx, fetch: keyed(ctx, () => 'blok') }),
      /same key of idempotency for different steps/,
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

it('a claim of exactly-once is found where no key shows which step a request belongs to', async () => {
  expect((await answeredProblems(plant({ effect: 'exactly-once' }))).join()).toMatch(/claims exactly-once/);
  const withKey = plant({
    effect: 'exactly-once',
    run: (ctx) => post({ ...ctx, fetch: keyed(ctx, ({ idempotencyKey }) => idempotencyKey) }),
  });
  expect(await answeredProblems(withKey)).toEqual([]);
}, 30_000);

describe('the checks of choices find', () => {
  const offering = (load: NonNullable<NodeType['options']>[string]) => plant({ options: { name: load } });
  it.each<[string, NodeType, RegExp]>([
    ['those that hang', offering(() => new Promise(() => undefined)), /The choices of "name" do not end/],
    [
      'those that go past the guard',
      offering(async () => {
        await request('https://undici.acme.example').catch(() => undefined);
        return { items: [], next: null };
      }),
      /past the guard: tcp undici\.acme\.example:443/,
    ],
    [
      'those that forget their signal',
      offering(async ({ network }) => {
        await fetch(URL, { dispatcher: network.dispatcher as never } as RequestInit).catch(() => undefined);
        throw new NodeError('acme.failed', 'no');
      }),
      /go on when nobody waits/,
    ],
    ['those of a wrong shape', offering(async () => ['lamp'] as never), /cannot be shown/],
    ['errors that nobody classified', offering(() => Promise.reject(new TypeError('no'))), /nobody classified/],
    [
      'a secret in an error',
      offering(({ connection }) => Promise.reject(new NodeError('acme.failed', String(connection?.data.token)))),
      /show a secret/,
    ],
    ['fields that hang', plant({ fields: () => new Promise(() => undefined) }), /The fields do not end/],
  ])(
    '%s',
    async (_, node, found) => {
      expect((await offersProblems(node)).join()).toMatch(found);
    },
    30_000,
  );
});

let kept: string | undefined;

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

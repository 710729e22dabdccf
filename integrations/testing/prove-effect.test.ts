import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NodeContext } from '../context.ts';
import type { NodeType } from '../define.ts';
import { calling } from '../failures/classify.ts';
import { request } from '../http/request.ts';
import { fakeProvider } from './fake-provider/provider.ts';
import { proveEffect } from './prove-effect.ts';

interface Mail {
  readonly drafts: Map<string, boolean>;
  readonly sent: string[];
}

/** A provider of mail as most are: a message is sent at once, by key, by an id of the client, or as a draft and then. */
const mail = await fakeProvider<Mail>({
  state: () => ({ drafts: new Map(), sent: [] }),
  routes: {
    'POST /messages': ({ headers, body }, { sent }) => {
      const key = String(headers['idempotency-key'] ?? sent.length);
      if (!sent.includes(key)) sent.push(key);
      return { body: { id: sent.indexOf(key), note: body } };
    },
    'PUT /messages/:id': ({ params }, { sent }) => {
      if (!sent.includes(params.id!)) sent.push(params.id!);
      return { body: {} };
    },
    'GET /messages': (_, { sent }) => ({ body: sent }),
    'POST /drafts': (_, { drafts }) => {
      const id = `d${drafts.size}`;
      drafts.set(id, true);
      return { body: { id } };
    },
    'POST /drafts/:id/send': ({ params }, { drafts, sent }) => {
      if (!drafts.delete(params.id!)) return { status: 404, body: {} };
      sent.push(params.id!);
      return { body: {} };
    },
  },
});
afterAll(() => mail.close());

const table = { provider: 'mail', codeAt: [], messageAt: [] };
type Ask = (method: string, path: string, headers?: Record<string, string>) => Promise<{ id: string }>;
const asking =
  (ctx: NodeContext, mayRepeat: boolean): Ask =>
  (method, path, headers = {}) =>
    calling(ctx, table, { what: `${method} ${path}`, writes: method !== 'GET', mayRepeat }, async () => {
      const answer = await ctx.fetch(mail.base + path, { method, headers });
      if (!answer.ok) throw { status: answer.status, headers: answer.headers, body: await answer.text() };
      return (await answer.json()) as { id: string };
    });

const node = (effect: NodeType['effect'], work: (ask: Ask, ctx: NodeContext) => Promise<unknown>): NodeType => ({
  type: 'mail.send',
  version: '1.0.0',
  title: 'Send',
  description: 'Sends a message.',
  input: z.strictObject({}),
  output: z.strictObject({}),
  effect,
  timeout: '1m',
  retry: { maxAttempts: 3, delay: '1s', factor: 2, maxDelay: '1m', attemptTimeout: '30s' },
  examples: [],
  run: async (ctx) => {
    await work(asking(ctx, true), ctx);
    return {};
  },
});
const prove = (given: NodeType) =>
  proveEffect({ node: given, with: {}, provider: mail, effects: ({ sent }) => sent.length });

/** A draft, its id in the cell, and then the draft is sent: it can be sent once. */
const byDraft = async (ask: Ask, ctx: NodeContext) => {
  const cell = ctx.cell<string>();
  const draft = (await cell.read()) ?? (await ask('POST', '/drafts')).id;
  await cell.write(draft);
  await ask('POST', `/drafts/${draft}/send`).catch((error) => {
    // On a second attempt, a draft that is gone has been sent.
    if (!ctx.lookBefore || error.code !== 'mail.404') throw error;
  });
};

describe('a node keeps what it promises', () => {
  it.each<[string, NodeType]>([
    ['at-least-once by just sending', node('at-least-once', (ask) => ask('POST', '/messages'))],
    ['idempotent by an id of its own', node('idempotent', (ask) => ask('PUT', '/messages/m-1'))],
    [
      'exactly-once by a key',
      node('exactly-once', (ask, ctx) =>
        ask('POST', '/messages', { 'idempotency-key': ctx.idempotencyKey.replaceAll('/', '-') }),
      ),
    ],
    ['exactly-once by a draft in the cell', node('exactly-once', byDraft)],
  ])('%s', async (_, given) => {
    expect((await prove(given)).problems).toEqual([]);
  });

  it('http.request keeps at-least-once, and with a key the server sees one message', async () => {
    const proof = { node: request, provider: mail, effects: ({ sent }: Mail) => sent.length };
    const loose = await proveEffect({
      ...proof,
      with: { method: 'POST', url: `${mail.base}/messages`, idempotencyKey: false },
    });
    expect(loose.problems).toEqual([]);
    const keyed = await proveEffect({ ...proof, with: { method: 'POST', url: `${mail.base}/messages` } });
    expect(keyed.problems).toEqual([]);
    expect(keyed.scenarios.map(({ effects }) => effects)).toEqual([1, 1]);
  });

  it('loses the answer to each write in turn, and counts', async () => {
    const { scenarios } = await prove(node('exactly-once', byDraft));
    expect(scenarios.map(({ what, effects }) => [what, effects])).toEqual([
      ['every answer arrives', 1],
      ['the answer to write 1 is lost', 1],
      ['the answer to write 2 is lost', 1],
    ]);
  });
});

describe('a node that claims more than it keeps is found', () => {
  it.each<[string, NodeType, RegExp]>([
    [
      'exactly-once, and just sends',
      node('exactly-once', (ask) => ask('POST', '/messages')),
      /claims exactly-once.*2 times/,
    ],
    ['idempotent, and just sends', node('idempotent', (ask) => ask('POST', '/messages')), /claims idempotent.*2 times/],
    [
      'exactly-once, and forgets its draft',
      node('exactly-once', async (ask) => {
        const { id } = await ask('POST', '/drafts');
        await ask('POST', `/drafts/${id}/send`);
      }),
      /if the answer to write 2 is lost, it has its effect 2 times/,
    ],
    ['read, and sends', node('read', (ask) => ask('POST', '/messages')), /claims read.*has an effect/],
    [
      'success, but sends nothing on the second attempt',
      node('at-least-once', async (ask, ctx) => (ctx.lookBefore ? null : ask('POST', '/drafts'))),
      /reports success without having had its effect/,
    ],
    [
      'that nothing happened, when an answer was lost',
      {
        ...node('at-least-once', async () => null),
        run: async (ctx) => {
          await calling(ctx, table, { what: 'POST', writes: false }, () =>
            ctx.fetch(`${mail.base}/messages`, { method: 'POST' }),
          );
          return {};
        },
      },
      /says that nothing happened/,
    ],
    ['an effect, but only reads', node('idempotent', (ask) => ask('GET', '/messages')), /nothing is proven/],
  ])('%s', async (_, given, found) => {
    expect((await prove(given)).problems.join()).toMatch(found);
  });
});

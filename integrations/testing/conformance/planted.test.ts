/** The conformance checks are checked themselves: each of these nodes has one mistake, and one check must find it. */
import { execFile, execFileSync } from 'node:child_process';
import { lookup, Resolver } from 'node:dns/promises';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { NodeType } from '../../define.ts';
import { NodeError } from '../../error.ts';
import { nodeProblems } from '../../own-nodes/problems.ts';
import { answeredProblems } from './answered.ts';
import { offersProblems } from './offers.ts';
import { plant, post, running, secretOf } from './plant.ts';
import { refusedProblems } from './refused.ts';

it('finds nothing in a node without a mistake', async () => {
  const node = plant();
  expect(nodeProblems(node)).toEqual([]);
  expect(await refusedProblems(node)).toEqual([]);
  expect(await answeredProblems(node)).toEqual([]);
  expect(await offersProblems(node)).toEqual([]);
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
    [
      'a name that a resolver of its own looks up',
      async (ctx) => {
        await new Resolver().resolve4('resolver.acme.example').catch(() => undefined);
        return post(ctx);
      },
      /past the guard: dns resolver\.acme\.example/,
    ],
    [
      'a program for which it waits',
      async (ctx) => {
        try {
          execFileSync('curl', ['https://api.acme.example']);
        } catch {
          // What it says is not needed.
        }
        return post(ctx);
      },
      /past the guard: program curl/,
    ],
    [
      'another Node that goes out',
      async (ctx) => {
        const code = 'await fetch("https://api.acme.example")';
        await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code]).catch(() => undefined);
        return post(ctx);
      },
      /past the guard: program .*node/,
    ],
    [
      'a thread that goes out',
      async (ctx) => {
        try {
          new Worker('fetch("https://api.acme.example")', { eval: true });
        } catch {
          // The guard ends it.
        }
        return post(ctx);
      },
      /past the guard: thread fetch/,
    ],
    [
      'a port that it opens',
      async (ctx) => {
        try {
          createServer().listen(0);
        } catch {
          // The guard ends it.
        }
        return post(ctx);
      },
      /past the guard: a port/,
    ],
    [
      'undici of its own',
      async (ctx) => {
        await request('https://undici.acme.example').catch(() => undefined);
        return post(ctx);
      },
      /past the guard: tcp undici\.acme\.example:443/,
    ],
    [
      'a word sent after the end',
      (ctx) => {
        setTimeout(() => connect(443, 'late.acme.example').on('error', () => undefined), 0);
        return post(ctx);
      },
      /past the guard: tcp late\.acme\.example:443/,
    ],
    [
      'what is read from the environment',
      (ctx) => post(ctx, `https://${process.env.ACME_HOST ?? 'api.acme.example'}/things`),
      /reads ACME_HOST from the environment/,
    ],
    [
      'what is printed',
      (ctx) => {
        console.log('asking acme');
        return post(ctx);
      },
      /It prints/,
    ],
    [
      'what is left for all nodes',
      (ctx) => {
        Object.assign(globalThis, { acmeClient: { since: Date.now() } });
        return post(ctx).finally(() => setTimeout(() => Reflect.deleteProperty(globalThis, 'acmeClient'), 50));
      },
      /leaves acmeClient in the global object/,
    ],
    [
      'an error that its page does not name',
      () => Promise.reject(new NodeError('shop.closed', 'The shop is closed.')),
      /fails with shop\.closed, which "errors" does not name/,
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

/** What a node leaves behind: secrets where they are kept, and changes to the process that all nodes share. */
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';
import { expect, it } from 'vitest';
import type { NodeType } from '../../define.ts';
import { plant, post, running, secretOf } from './plant.ts';
import { refusedProblems } from './refused.ts';

const secretBytes = (ctx: Parameters<typeof secretOf>[0]) => Buffer.from(secretOf(ctx));
const { fetch } = globalThis;
const dispatcher = getGlobalDispatcher();
const listener = (): void => undefined;

it('finds nothing in a node that leaves nothing', async () => {
  expect(await refusedProblems(plant())).toEqual([]);
});

it.each<[string, NodeType['run'], RegExp, (() => void)?]>([
  [
    'a secret in its cell',
    (ctx) =>
      ctx
        .cell<string>()
        .write(secretOf(ctx))
        .then(() => post(ctx)),
    /shows a secret/,
  ],
  [
    'a secret in a file of the workspace',
    (ctx) => ctx.files.write('a.txt', secretBytes(ctx), null).then(() => post(ctx)),
    /shows a secret/,
  ],
  ['a secret in a blob', (ctx) => ctx.blobs.put(secretBytes(ctx)).then(() => post(ctx)), /shows a secret/],
  [
    'a request after its end',
    (ctx) => {
      setTimeout(() => void post(ctx).catch(() => undefined), 60_000).unref();
      return post(ctx);
    },
    /leaves a timer behind/,
  ],
  [
    'a variable of the environment that it sets',
    (ctx) => {
      process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
      return post(ctx);
    },
    /sets NODE_TLS_REJECT_UNAUTHORIZED/,
  ],
  [
    'a fetch for everybody',
    (ctx) => {
      globalThis.fetch = ctx.fetch;
      return post(ctx);
    },
    /leaves fetch in the global object/,
    () => {
      globalThis.fetch = fetch;
    },
  ],
  [
    'a dispatcher for everybody',
    (ctx) => {
      setGlobalDispatcher(new Agent());
      return post(ctx);
    },
    /leaves Symbol\(undici\.globalDispatcher/,
    () => setGlobalDispatcher(dispatcher),
  ],
  [
    'a method of all lists',
    (ctx) => {
      Object.assign(Array.prototype, { lamp: 1 });
      return post(ctx);
    },
    /leaves lamp in Array\.prototype/,
    () => Reflect.deleteProperty(Array.prototype, 'lamp'),
  ],
  [
    'a listener to what nobody caught',
    (ctx) => {
      process.on('unhandledRejection', listener);
      return post(ctx);
    },
    /leaves a listener to "unhandledRejection"/,
    () => process.off('unhandledRejection', listener),
  ],
])('%s', async (_, run, found, mend) => {
  try {
    expect((await refusedProblems(running(run))).join()).toMatch(found);
  } finally {
    mend?.();
  }
});

/** Every node for documents: it succeeds, it fails with each code of its table, it ends with its step, and survives a kill. */
import { existsSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { randomOf } from '../../scripts/fuzz/random.ts';
import { providers } from '../catalog.ts';
import type { NodeContext } from '../context.ts';
import { gapsOf, isCode, waysOf } from '../testing/node-case.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { PARSERS } from './bundle.ts';
import { killParsers } from './testing/kill-parser.ts';
import { DOCUMENT_CASES, DOCUMENT_WAYS, type DocumentWay } from './testing/node-cases.ts';

/** `BLOK_KILLS=all` kills the parser of every node; otherwise the seed chooses some. */
const ALL = process.env.BLOK_KILLS === 'all';
const SLICE = 4;
const KILL_WITHIN_MS = 20_000;

const nodes = providers
  .filter(({ id }) => (PARSERS as readonly string[]).includes(id))
  .flatMap((provider) => provider.nodes);

function sliced<T>(all: readonly T[]): T[] {
  const { int } = randomOf(inject('seed'), 0);
  const left = [...all];
  return ALL ? left : Array.from({ length: SLICE }, () => left.splice(int(left.length), 1)[0]!);
}

const merged = (given: object, changed: object): object =>
  Object.fromEntries(Object.entries({ ...given, ...changed }).filter(([, value]) => value !== undefined));

type Case = (typeof DOCUMENT_CASES)[number];
const run = ({ node, with: given }: Case, changed: object = {}, ctx: NodeContext = fakeContext()) =>
  runNode(node, ctx, merged(given, changed));

it('knows a case for every node, and a way to every code', () => {
  expect(gapsOf(DOCUMENT_CASES, nodes, DOCUMENT_WAYS)).toEqual([]);
});

describe.each(DOCUMENT_CASES)('$node.type', { timeout: 60_000 }, (one) => {
  const ways = waysOf<DocumentWay>(one, DOCUMENT_WAYS).filter(([, way]) => typeof way === 'object');

  it('succeeds', async () => {
    expect(await run(one)).toMatchObject(one.output);
  });

  it.each(ways)('fails with %s', async (code, way) => {
    const error = await failure(run(one, way as object));
    expect([code, isCode(error.code, code), error.message]).toEqual([code, true, error.message]);
    expect(error.retryable).toBe(false);
  });
});

describe.each(sliced(DOCUMENT_CASES))('$node.type', { timeout: 120_000 }, (one) => {
  it.runIf(existsSync('/proc/self/stat'))(
    'fails its attempt if its parser is killed, and the next one has the effect once',
    async () => {
      const ctx = fakeContext();
      const [error, killed] = await Promise.all([failure(run(one, {}, ctx)), killParsers(process.pid, KILL_WITHIN_MS)]);
      expect(killed).toBe(true);
      expect(error).toMatchObject({ code: 'document.crashed', retryable: true });
      expect(await ctx.files.list('', 9)).toEqual([]);
      expect(await run(one, {}, { ...ctx, attempt: 2, lookBefore: true })).toMatchObject(one.output);
      expect((await ctx.files.list('', 9)).map(({ path }) => path)).toEqual(
        'path' in one.output ? [one.output.path] : [],
      );
    },
  );

  it('ends with its step', async () => {
    const step = new AbortController();
    const running = run(one, {}, fakeContext({ signal: step.signal }));
    // The parser is being started, or runs.
    setTimeout(() => step.abort(new Error('cancelled')), 30);
    await expect(running).rejects.toThrow('cancelled');
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { javascript } from './javascript.ts';
import { type Abuse, BOMBS, ESCAPES, limitOf, TRACES } from './testing/hostile-scripts.ts';

const run = (source: string, input: object = {}, ctx = fakeContext()) => runNode(javascript, ctx, { source, ...input });

beforeAll(() => {
  process.env.BLOK_TEST_CANARY = 'canary-of-the-worker';
});
afterAll(() => {
  delete process.env.BLOK_TEST_CANARY;
});

describe('code.javascript', () => {
  it('returns what the script returns', async () => {
    expect(await run('return input.a + 1', { input: { a: 1 } })).toBe(2);
    expect(await run('const x = await Promise.all([1, Promise.resolve(2)]); return { x }')).toEqual({ x: [1, 2] });
    expect(await run('// no return')).toBeNull();
    expect(await run('return [undefined, new Date(0)]')).toEqual([null, '1970-01-01T00:00:00.000Z']);
    expect(await run('return input')).toBeNull();
    expect(await run('return input', { input: { s: '\u2028"\\\'`${x}</script>', u: '🙂' } })).toEqual({
      s: '\u2028"\\\'`${x}</script>',
      u: '🙂',
    });
  });

  it('says what failed and where', async () => {
    const thrown = await failure(run('const a = 1;\nthrow new TypeError("not " + a)'));
    expect(thrown).toMatchObject({ code: 'code.error', retryable: false, details: { line: 2 } });
    expect(thrown.message).toBe('The script failed (line 2): TypeError: not 1');
    const syntax = await failure(run('let ok = 1;\nlet = ;'));
    expect([syntax.code, syntax.details]).toEqual(['code.syntax', { line: 2 }]);
    expect((await failure(run('throw "plain"'))).message).toBe('The script failed: plain');
    const forgotten = await failure(run('Promise.reject(new Error("x")); return 1'));
    expect(forgotten).toMatchObject({ code: 'code.error', retryable: false });
    expect(forgotten.message).toMatch(/a promise was rejected.*await/);
    expect(await run('const p = Promise.reject(1); return p.catch(() => 2)')).toBe(2);
  });

  it('writes console lines to the step’s log, also of a script that fails', async () => {
    const ctx = fakeContext();
    await failure(run('console.log("a", { b: 1 }); console.warn("w"); throw 1', {}, ctx));
    expect(ctx.logged).toEqual([
      { level: 'info', message: 'a {"b":1}' },
      { level: 'warn', message: 'w' },
    ]);
  });

  it('shows in the log what JSON would leave out', async () => {
    const ctx = fakeContext();
    await run(
      'console.log(new Error("no"), NaN, 1n, undefined); console.log({ m: new Map([["a", 1 / 0]]), u: undefined })',
      {},
      ctx,
    );
    expect(ctx.logged.map(({ message }) => message)).toEqual([
      'Error: no NaN 1 undefined',
      '{"m":[["a","Infinity"]],"u":"undefined"}',
    ]);
  });

  it('refuses an input over 1 MiB before it starts anything', async () => {
    expect((await failure(run('return 1', { input: 'x'.repeat(1_048_577) }))).code).toBe('code.input');
    expect(await run('return input.length', { input: 'x'.repeat(1_000_000) })).toBe(1_000_000);
  });

  it('ends the script when the step is cancelled', async () => {
    const controller = new AbortController();
    const ctx = fakeContext({ signal: controller.signal });
    const running = Array.from({ length: 4 }, () => run('for (;;) {}', { timeout: '10s' }, ctx));
    const outcomes = Promise.allSettled(running);
    const started = Date.now();
    controller.abort(new Error('cancelled by test'));
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { message: 'cancelled by test' } });
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it('refuses to run if the requested wall does not work, rather than use a weaker one', async () => {
    const ctx = fakeContext({ options: { codeSandbox: 'bwrap' } });
    const outcome = await run('return 1', {}, ctx).catch((error: { code: string }) => error.code);
    expect([1, 'code.sandbox']).toContain(outcome);
  });
});

describe('what a script cannot do', () => {
  const attempt = async (abuse: Abuse) => {
    const ctx = fakeContext();
    const input = { source: abuse.source, input: {}, timeout: limitOf(abuse) };
    const outcome = await runNode(javascript, ctx, input).then(
      (value) => ({ code: 'returned', shown: JSON.stringify(value) }),
      (error: { code: string; message: string }) => ({ code: error.code, shown: error.message }),
    );
    return { ...outcome, shown: `${outcome.shown} ${JSON.stringify(ctx.logged)}` };
  };

  it.concurrent.each([...ESCAPES])('escape: $name', async (abuse) => {
    const { code, shown } = await attempt(abuse);
    if (abuse.codes) expect(abuse.codes).toContain(code);
    else expect(['returned', 'code.error', 'code.output', 'code.pending']).toContain(code);
    expect(shown).not.toMatch(TRACES);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  // sandbox.e2e.test.ts runs all of them, more than once and behind every wall.
  it.concurrent.each(BOMBS.filter((_, index) => index % 4 === 0))('bomb: $name', async (abuse) => {
    const { code } = await attempt(abuse);
    expect(abuse.codes).toContain(code);
  });
});

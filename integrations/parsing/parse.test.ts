import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { offeredWalls } from '../code/testing/child.ts';
import { failure, fakeContext } from '../testing/run-node.ts';
import { parseWith } from './parse.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'blok-parser-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A parser with one task, whose body is given. */
const run = (
  body: string,
  {
    wall = 'process',
    ...call
  }: { wall?: 'process' | 'bwrap' | 'namespaces'; timeoutMs?: number; bytes?: Uint8Array } = {},
) => {
  const file = join(folder, 'parser.cjs');
  writeFileSync(file, `exports.tasks = { task: async ({ parameters, bytes, asset }) => { ${body} } }`);
  const ctx = fakeContext({ options: { codeSandbox: wall } });
  return parseWith(ctx, file, { task: 'task', parameters: { a: 1 }, answer: z.unknown(), ...call });
};

describe.each(offeredWalls())('a parser behind the wall "%s"', { timeout: 60_000 }, (wall) => {
  it('takes parameters and bytes, and answers JSON and bytes', async () => {
    const body = 'return { value: { parameters, text: String(bytes) }, bytes: [Buffer.from("x"), Buffer.from("y")] };';
    const { value, bytes } = await run(body, { wall, bytes: Buffer.from('grüße') });
    expect(value).toEqual({ parameters: { a: 1 }, text: 'grüße' });
    expect(Buffer.from(bytes).toString()).toBe('xy');
  });

  it('compiles its code, and runs WebAssembly', async () => {
    const module = '[0,97,115,109,1,0,0,0,1,5,1,96,0,1,127,3,2,1,0,7,5,1,1,97,0,0,10,6,1,4,0,65,42,11]';
    const body = `const { instance } = await WebAssembly.instantiate(Uint8Array.from(${module})); return { value: instance.exports.a() };`;
    expect((await run(body, { wall })).value).toBe(42);
  });

  it('has no files, processes, network or code from strings', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const body = `
      const tried = {};
      const attempt = async (name, act) => { try { tried[name] = 'got ' + String(await act()).slice(0, 80) } catch (error) { tried[name] = 'refused' } };
      await attempt('read', () => require('node:fs').readFileSync('/etc/passwd'));
      await attempt('write', () => require('node:fs').writeFileSync('/tmp/blok-escape', 'x'));
      await attempt('process', () => require('node:child_process').execFileSync('/bin/echo', ['out']));
      await attempt('thread', () => new (require('node:worker_threads').Worker)('1', { eval: true }));
      await attempt('connect', () => new Promise((resolve, reject) => require('node:net').connect(${port}, '127.0.0.1').on('connect', resolve).on('error', reject)));
      await attempt('fetch', () => fetch('http://127.0.0.1:${port}'));
      await attempt('kill', () => process.kill(1, 0));
      await attempt('binding', () => process.binding('fs'));
      await attempt('eval', () => Function('return 1')());
      await attempt('main', () => process.mainModule.require('node:fs'));
      return { value: tried };`;
    const { value } = await run(body, { wall });
    server.close();
    expect(new Set(Object.values(value as object))).toEqual(new Set(['refused']));
  });
});

describe('whatever a document does', { timeout: 180_000 }, () => {
  it('ends with a clear error: no end', async () => {
    const error = await failure(run('for (;;) {}', { timeoutMs: 700 }));
    expect(error).toMatchObject({ code: 'document.timeout', retryable: false });
    expect(error.message).toContain('took more than 0.7 seconds');
    expect((await failure(run('await new Promise(() => setInterval(() => 0, 50))', { timeoutMs: 700 }))).code).toBe(
      'document.timeout',
    );
  });

  it('ends with a clear error: too much memory', async () => {
    const heap = 'const all = []; for (;;) all.push(new Array(1_000_000).fill(0.5));';
    expect(await failure(run(heap))).toMatchObject({ code: 'document.tooLarge', retryable: false });
    const buffers = 'const all = []; for (;;) all.push(new Uint8Array(50_000_000).fill(1));';
    expect(await failure(run(buffers))).toMatchObject({ code: 'document.tooLarge' });
    expect((await failure(run('return { value: "x".repeat(80_000_000) };'))).code).toBe('document.tooLarge');
  });

  it('ends with a clear error: a crash, a thrown value, no answer', async () => {
    expect(await failure(run('process.exit(3)'))).toMatchObject({ code: 'document.crashed', retryable: true });
    expect((await failure(run('throw new Error("at byte 7")'))).message).toBe('The document cannot be read: at byte 7');
    expect((await failure(run('throw null'))).code).toBe('document.broken');
    expect(
      (await failure(run('setTimeout(() => { throw new Error("late") }); await new Promise(() => 0)'))).message,
    ).toContain('late');
    expect((await failure(run('const deep = () => deep() + 1; deep();'))).code).toBe('document.broken');
  });

  it('cannot forge an answer that is taken on trust', async () => {
    const codes = ['document.crashed', 'http.404', '__proto__', 'toString'];
    for (const code of codes) {
      const error = await failure(run(`throw Object.assign(new Error('x'), { code: ${JSON.stringify(code)} })`));
      expect(error.retryable).toBe(false);
      expect(error.code.startsWith('document.')).toBe(true);
    }
  });

  it('ends when its step is cancelled', async () => {
    const controller = new AbortController();
    const file = join(folder, 'endless.cjs');
    writeFileSync(file, 'exports.tasks = { task: () => { for (;;) {} } }');
    const ctx = fakeContext({ signal: controller.signal, options: { codeSandbox: 'process' } });
    const running = parseWith(ctx, file, { task: 'task', parameters: {}, answer: z.unknown() });
    setTimeout(() => controller.abort(new Error('not wanted any more')), 300);
    await expect(running).rejects.toThrow('not wanted any more');
  });
});

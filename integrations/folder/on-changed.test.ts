import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../scripts/testing/temporary-folder.ts';
import { failure } from '../testing/run-node.ts';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { namePattern } from './changes.ts';
import { onChanged } from './on-changed.ts';

/** Codes of errors with which the file system answers about some paths. */
const failing = new Map<string, string>();
const { opendir, lstat, open } = fs;
const orFail =
  <A extends unknown[], R>(call: (path: string, ...more: A) => Promise<R>) =>
  async (path: string, ...more: A): Promise<R> => {
    if (failing.has(path)) throw Object.assign(new Error('fails'), { code: failing.get(path) });
    return call(path, ...more);
  };
/** Changes the system's module itself, because another file in this process may have loaded what is tested. */
function replace(calls: object): void {
  Object.assign(fs, calls);
  syncBuiltinESMExports();
}
beforeAll(() => replace({ opendir: orFail(opendir), lstat: orFail(lstat as never), open: orFail(open as never) }));
afterAll(() => replace({ opendir, lstat, open }));

const base = temporaryFolder('watched');
afterAll(() => base.remove());
let root: string;
let number = 0;
/** How far the clock of the watch is ahead: a file settles without anybody waiting. */
let ahead = 0;
beforeEach(() => {
  ahead = 0;
  failing.clear();
  root = join(base.path, `in-${number++}`);
  mkdirSync(root);
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + ahead);
  return () => void vi.restoreAllMocks();
});

const write = (name: string, text = name) => writeFileSync(join(root, name), text);
const settle = () => {
  ahead += 10_000;
};
const watch = (given: object = {}, allowed: readonly string[] = [base.path]) =>
  fakeWatch(onChanged, { path: root, ...given }, fakePollContext({ options: { watchFolders: allowed } }));
const paths = async (files: ReturnType<typeof watch>) =>
  (await files.look()).map(({ item }) => (item as { path: string }).path).sort();
/** The clock of the file system counts in steps of a few milliseconds: what comes after this is surely later. */
const nextTick = () => {
  const until = performance.now() + 20;
  while (performance.now() < until);
};
/** A watch that has begun. */
const begun = async (given: object = {}) => {
  const files = watch(given);
  expect(await files.look()).toEqual([]);
  nextTick();
  return files;
};

describe('folder.changed', () => {
  it('takes nothing of 5,000 old files, and then each new one once, with its content', async () => {
    for (let file = 0; file < 5_000; file++) write(`old-${file}`, '');
    const files = await begun();
    write('a.csv', '1;2');
    settle();
    const [found, ...others] = await files.look();
    expect(others).toEqual([]);
    expect(found?.item).toMatchObject({ path: 'a.csv', name: 'a.csv', size: 3, file: { size: 3 } });
    settle();
    expect(await files.look()).toEqual([]);
  });

  it('takes a file that is written slowly once, when its writer has been still', async () => {
    const files = await begun({ settle: '5s' });
    write('slow', 'a');
    expect(await paths(files)).toEqual([]);
    appendFileSync(join(root, 'slow'), 'b');
    expect(await paths(files)).toEqual([]);
    settle();
    const found = await files.look();
    expect(found.map(({ item }) => item)).toMatchObject([{ path: 'slow', size: 2 }]);
    settle();
    expect(await paths(files)).toEqual([]);
  });

  it('takes a file under the name it gets, and one that is moved in with an old date', async () => {
    const files = await begun({ pattern: '*.csv' });
    write('report.tmp');
    expect(await paths(files)).toEqual([]);
    renameSync(join(root, 'report.tmp'), join(root, 'report.csv'));
    const outside = join(base.path, `moved-${number}.csv`);
    writeFileSync(outside, 'old');
    utimesSync(outside, 1, 1);
    renameSync(outside, join(root, 'moved.csv'));
    settle();
    expect(await paths(files)).toEqual(['moved.csv', 'report.csv']);
  });

  it('takes a file again that is written again, and gives a change of rights the same key', async () => {
    const files = await begun();
    write('a', 'one');
    settle();
    const [first] = await files.look();
    chmodSync(join(root, 'a'), 0o600);
    ahead = 0;
    nextTick();
    const again = watch({ from: 'beginning' });
    settle();
    expect((await again.look())[0]?.key).toBe(first!.key);
    write('a', 'two');
    settle();
    expect((await again.look())[0]?.key).not.toBe(first!.key);
  });

  it('takes 1,100 files in pages, each once', async () => {
    const files = await begun({ content: false });
    for (let file = 0; file < 1_100; file++) write(`f${file}`, '');
    settle();
    expect(new Set(await paths(files)).size).toBe(1_100);
    expect(files.looks()).toBe(4);
  });

  it('refuses links that leave the folder, follows those within, and reads no pipes', async () => {
    const secret = join(base.path, `secret-${number}`);
    writeFileSync(secret, 'secret');
    mkdirSync(join(base.path, `other-${number}`));
    writeFileSync(join(base.path, `other-${number}`, 'x'), 'secret');
    const files = await begun({ recursive: true });
    symlinkSync(secret, join(root, 'leaves'));
    symlinkSync(join(base.path, `other-${number}`), join(root, 'folder'));
    write('target');
    symlinkSync(join(root, 'target'), join(root, 'within'));
    symlinkSync(root, join(root, 'loop'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    settle();
    expect(await paths(files)).toEqual(['target', 'within']);
  });

  it('enters folders only if it is told to, and leaves hidden files alone', async () => {
    mkdirSync(join(root, 'below', 'deep'), { recursive: true });
    const [flat, deep] = [await begun(), await begun({ recursive: true })];
    write('below/deep/x');
    write('y');
    write('.hidden');
    settle();
    expect(await paths(flat)).toEqual(['y']);
    expect(await paths(deep)).toEqual(['below/deep/x', 'y']);
  });

  it('watches only what the operator allows, also behind links', async () => {
    expect((await failure(watch({}, []).look())).message).toContain('BLOK_WATCH_FOLDERS');
    expect((await failure(watch({}, [`${root}x`, '/nowhere']).look())).code).toBe('folder.forbidden');
    const link = join(base.path, `link-${number}`);
    symlinkSync('/etc', link);
    expect((await failure(watch({ path: link }).look())).code).toBe('folder.forbidden');
    expect((await failure(watch({ path: `${root}/../../../etc` }).look())).code).toMatch(/^folder\./);
    expect((await failure(watch({ path: join(base.path, 'nothing') }).look())).code).toBe('folder.missing');
  });

  it('goes on when the folder is away for a while', async () => {
    const files = await begun();
    renameSync(root, `${root}.away`);
    expect((await failure(files.look())).code).toBe('folder.missing');
    renameSync(`${root}.away`, root);
    write('new');
    settle();
    expect(await paths(files)).toEqual(['new']);
    rmSync(root, { recursive: true });
  });

  it.each([
    ['a folder below', 'below'],
    ['a file', 'below/x'],
  ])('leaves nothing out when the file system cannot answer about %s for a while', async (_, path) => {
    mkdirSync(join(root, 'below'));
    const files = await begun({ recursive: true });
    write('below/x');
    settle();
    failing.set(join(root, path), 'EMFILE');
    expect((await failure(files.look())).code).toBe('folder.unreadable');
    failing.clear();
    expect(await paths(files)).toEqual(['below/x']);
  });

  it('leaves a file alone that it may not read, and takes it once its rights allow it', async () => {
    const files = await begun();
    write('locked');
    settle();
    failing.set(join(root, 'locked'), 'EACCES');
    expect(await paths(files)).toEqual([]);
    failing.clear();
    expect(await paths(files)).toEqual([]);
    // The watch is ahead of the file system's clock, and goes on from there.
    ahead = 0;
    expect(await paths(files)).toEqual([]);
    nextTick();
    chmodSync(join(root, 'locked'), 0o600);
    settle();
    expect(await paths(files)).toEqual(['locked']);
  });

  it('passes a large file on without its content', async () => {
    const files = await begun({ maxBytes: 10 });
    write('large', 'x'.repeat(11));
    settle();
    expect((await files.look())[0]?.item).toMatchObject({ size: 11, file: null });
  });

  it('sees what happens after the clock was put back', async () => {
    ahead = 3_600_000;
    const files = await begun();
    ahead = 0;
    expect(await files.look()).toEqual([]);
    nextTick();
    write('after');
    settle();
    expect(await paths(files)).toEqual(['after']);
  });
});

describe('a pattern', () => {
  it.each([
    ['*.csv', 'a.csv', true],
    ['*.csv', 'a.csv.tmp', false],
    ['*', '.hidden', false],
    ['.*', '.hidden', true],
    ['r?port-*-final.*', 'report-2026-final.pdf', true],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbXbX', false],
    ['[a].(b)', '[a].(b)', true],
  ])('%s and the name %s: %s', (pattern, name, fits) => expect(namePattern(pattern)(name)).toBe(fits));

  it('is compared in time that does not explode', () => {
    expect(namePattern('*a'.repeat(200))('a'.repeat(255).concat('b'))).toBe(false);
  });
});

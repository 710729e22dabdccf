import { expect, it } from 'vitest';
import type { ChangedFile, FileChanges } from '../context.ts';
import { failure } from '../testing/run-node.ts';
import { fakePollContext, fakeWatch } from '../testing/run-poll.ts';
import { onChanged } from './on-changed.ts';

const place = ({ modifiedAt, path }: Pick<ChangedFile, 'modifiedAt' | 'path'>): string => `${modifiedAt} ${path}`;

/** The store as the database answers: in order of the writes, then of the paths. */
function store() {
  const files = new Map<string, ChangedFile>();
  const under = (prefix: string) =>
    [...files.values()].filter(({ path }) => path.startsWith(prefix)).sort((a, b) => (place(a) < place(b) ? -1 : 1));
  const changes: FileChanges = {
    since: async (prefix, after, limit) =>
      under(prefix)
        .filter((file) => after === null || place(file) > place(after))
        .slice(0, limit),
    last: async (prefix) => under(prefix).at(-1) ?? null,
  };
  const write = (path: string, second: number, content = 'a') =>
    files.set(path, {
      ...{ path, size: 1, contentType: null, sha256: content.padEnd(64, '0') },
      modifiedAt: new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString(),
    });
  const watch = (given: object = {}) => fakeWatch(onChanged, given, fakePollContext({ files: changes }));
  return { write, watch };
}
const paths = (items: readonly { item: unknown }[]) => items.map(({ item }) => (item as ChangedFile).path);

it('takes nothing of what is there at first, then each write once, under its prefix', async () => {
  const { write, watch } = store();
  for (let file = 0; file < 5_000; file++) write(`in/${file}`, file);
  const files = watch({ prefix: 'in/' });
  expect(await files.look()).toEqual([]);
  write('in/new', 6_000);
  write('out/new', 6_001);
  write('in/7', 6_002, 'b');
  expect(paths(await files.look())).toEqual(['in/new', 'in/7']);
  expect(await files.look()).toEqual([]);
  write('in/7', 6_003, 'b');
  expect(paths(await files.look())).toEqual(['in/7']);
});

it('takes a write that shows up behind later ones, because its transaction took longer', async () => {
  const { write, watch } = store();
  const files = watch();
  await files.look();
  write('b', 20);
  expect(paths(await files.look())).toEqual(['b']);
  write('a', 19);
  expect(paths(await files.look())).toEqual(['a']);
  expect(await files.look()).toEqual([]);
});

it('takes 1,300 files of the same moment in pages, each once', async () => {
  const { write, watch } = store();
  for (let file = 0; file < 1_300; file++) write(`in/${file}`, 1);
  const found = paths(await watch({ from: 'beginning' }).look());
  expect(found).toHaveLength(1_300);
  expect(new Set(found).size).toBe(1_300);
});

it('refuses a prefix that leaves the store', async () => {
  expect((await failure(store().watch({ prefix: '../x' }).look())).code).toBe('file.path');
});

import { expect, it } from 'vitest';
import { checkCitations, checkDocuments, checkFullFolders, checkMachinePaths, checkSizes } from './tidiness.ts';

const sources = (files: Record<string, string>) => new Map(Object.entries(files));

it('finds source files over 400 lines', () => {
  const files = sources({ 'a.ts': 'x\n'.repeat(400), 'b.ts': 'x\n'.repeat(401), 'c.json': 'x\n'.repeat(900) });
  expect(checkSizes(files)).toEqual([{ file: 'b.ts', message: 'has 401 lines; the most is 400: split it by subject' }]);
});

it('finds paths of one machine', () => {
  const roots = ['work', 'root', 'home/somebody'];
  const files = sources(Object.fromEntries(roots.map((root, index) => [`${index}.ts`, `ok\nopen('/${root}/x')`])));
  expect(checkMachinePaths(files).map(({ file, message }) => [file, message.slice(0, 6)])).toEqual([
    ['0.ts', 'line 2'],
    ['1.ts', 'line 2'],
    ['2.ts', 'line 2'],
  ]);
  const harmless = roots.map((root) => `'a/${root}/b', 'https://x/${root}', '~/${root}/'`).join(', ');
  expect(checkMachinePaths(sources({ 'a.ts': harmless }))).toEqual([]);
});

it('finds files and npm scripts that documents name but that do not exist', () => {
  const files = sources({
    'docs/a.md': 'See `graph/x.ts`, `graph/gone.ts`, [b](b.md), [c](../c.md#part), `npm run check`, `npm run gone`.',
    'docs/b.md': '`some/other/path`, `graph/`, [web](https://example.com/x), ```ignored```\n```\n[no](no.md)\n```',
    'graph/x.ts': '',
  });
  expect(checkDocuments(files, new Set(['check']))).toEqual([
    { file: 'docs/a.md', message: 'names graph/gone.ts, which is not there' },
    { file: 'docs/a.md', message: 'names c.md, which is not there' },
    { file: 'docs/a.md', message: 'names npm run gone, which package.json lacks' },
  ]);
});

it('finds comments that name a document that does not exist', () => {
  const files = sources({
    'a.ts': '/** See gone.md §2. */\n// docs/kept.md says why\nconst path = "other.md";',
    'docs/kept.md': '',
  });
  expect(checkCitations(files)).toEqual([{ file: 'a.ts', message: 'a comment names gone.md, which is not there' }]);
});

it('finds folders with too many files, tests and their helpers aside', () => {
  const names = Array.from({ length: 24 }, (_, index) => `a/${index}.ts`);
  const many = [...names, 'a/b/c.ts', 'a/x.test.ts', 'a/testing/y.ts', 'a/z.md'];
  const files = (paths: string[]) => sources(Object.fromEntries(paths.map((path) => [path, ''])));
  expect(checkFullFolders(files(many))).toEqual([]);
  expect(checkFullFolders(files([...many, 'a/more.ts'])).map(({ file }) => file)).toEqual(['a']);
});

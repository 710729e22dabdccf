import { expect, it } from 'vitest';
import { checkRoomPages } from './rooms.ts';

const sources = (files: Record<string, string>) => new Map(Object.entries(files));

it('finds files that the README of a room names and that are not there', () => {
  const files = sources({
    'a/README.md':
      'Here `x.ts`, below `b/y.ts` and `y.ts`, elsewhere `c/z.ts`; gone: `w.ts`, `b/x.ts`.\n```\n`no.ts`\n```',
    'a/x.ts': '',
    'a/b/y.ts': '',
    'c/z.ts': '',
    'docs/README.md': 'Yours: `mine.ts`.',
    'examples/e/README.md': 'Yours: `mine.ts`.',
  });
  expect(checkRoomPages(files)).toEqual([
    { file: 'a/README.md', message: 'names w.ts, which is not there' },
    { file: 'a/README.md', message: 'names b/x.ts, which is not there' },
  ]);
});

it('finds names that are not in the file in which they are said to be', () => {
  const files = sources({
    'a/README.md':
      '`x.ts` (`MOST`, `LEAST`), `LAST` in `x.ts`, `FIRST` of `c/z.ts`; `x.ts` (`words` about it), `ANY` elsewhere.',
    'a/x.ts': 'const MOST = 1; const LASTING = 2;',
    'c/z.ts': 'const FIRST = 1;',
  });
  expect(checkRoomPages(files)).toEqual([
    { file: 'a/README.md', message: 'says that LEAST is in x.ts, which does not have it' },
    { file: 'a/README.md', message: 'says that LAST is in x.ts, which does not have it' },
  ]);
});

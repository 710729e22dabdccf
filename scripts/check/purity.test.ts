import { expect, it } from 'vitest';
import { checkPurity } from './purity.ts';

const purity = (text: string, file = 'graph/sandbox.ts') =>
  checkPurity(new Map([[file, text]])).map(({ message }) => message.replace(' does not belong in the sandbox', ''));

it.each([
  ['const now = Date.now();', 'line 1: Date.now'],
  ['const n: number =\n  Math.random();', 'line 2: Math.random'],
  ['const d = new Date();', 'line 1: new Date()'],
  ['console.log(process.env);', 'line 1: process'],
  ['setTimeout(() => {}, 1);', 'line 1: setTimeout'],
  ["a.localeCompare('b');", 'line 1: .localeCompare'],
  ['date.getHours();', 'line 1: .getHours'],
  ['new Intl.NumberFormat();', 'line 1: Intl'],
  ['const f = { fetch };', 'line 1: fetch'],
  ["Buffer.from('x');", 'line 1: Buffer'],
])('finds %s', (text, found) => {
  expect(purity(text)).toEqual([found]);
});

it.each([
  ['new Date(0).getUTCHours();'],
  ['const x = { process: 1, fetch() {} };'],
  ['run.process();'],
  ['// Date.now() is not pure\nconst text = "Math.random()";'],
  ['interface A { readonly Buffer: string }\nconst a = 1 as unknown as A;'],
])('lets pass %s', (text) => {
  expect(purity(text)).toEqual([]);
});

it.each([
  'let n = 0;',
  'export let n;',
  'const n = new Map<string, number>();',
  'export const n: Set<string> = new Set();',
  'const n: string[] = [];',
])('finds what all runs would share: %s', (text) => {
  const found = ['line 1: n would be shared by all runs of a worker'];
  expect(purity(text)).toEqual(found);
  expect(purity(text, 'workflows/index.ts')).toEqual(found);
});

it.each([['const n = new WeakMap();'], ["const n = new Set(['a']);"], ['function f() { let n = 0; return n++; }']])(
  'lets pass what they may share: %s',
  (text) => {
    expect(purity(text)).toEqual([]);
  },
);

it('looks only at what the sandbox loads', () => {
  expect(purity('Date.now();', 'graph/compile/index.ts')).toEqual([]);
});

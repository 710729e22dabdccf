import { expect, it } from 'vitest';
import { exceeds } from './json-size.ts';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value) ?? '');

it('counts bytes as JSON is written, whatever the value', () => {
  const values = [
    ...[1, -0.5, true, null, '', 'text', 'é→😀', '\u0000"\\', [], {}, [[], [1, [2]]], { a: undefined, b: 1 }],
    ...[[undefined], { 'a"b': { '': [] } }, new Date(0), { at: new Date(0), list: ['x'.repeat(100), null] }],
  ];
  for (const value of values) {
    expect(exceeds(value, bytes(value)), JSON.stringify(value)).toBe(false);
    expect(exceeds(value, bytes(value) - 1), JSON.stringify(value)).toBe(true);
  }
});

it('never writes a value that is far too large', () => {
  const text = 'x'.repeat(1_000_000);
  // JSON of 100 GB: no text in JavaScript is that long.
  expect(exceeds(new Array(100_000).fill(text), 1_000_000)).toBe(true);
  expect(exceeds(new Array(100_000).fill({ [text]: 1 }), 1_000_000)).toBe(true);
});

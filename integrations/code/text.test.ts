import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../graph/json.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { javascript } from './javascript.ts';

const run = (source: string, input: Json = null) =>
  runNode(javascript, fakeContext(), { source, input, timeout: '10s' });

const base64 = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('base64');
/** Decodes a list of `[label, base64]` in the sandbox. */
const decoded = (texts: readonly (readonly [string, string])[], options = '{}') =>
  run(
    `return input.map(([label, text]) => {
       const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
       return new TextDecoder(label, ${options}).decode(bytes);
     })`,
    texts as unknown as Json,
  );

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const product = (...ranges: number[][]) =>
  ranges.reduce<number[][]>((all, bytes) => all.flatMap((start) => bytes.map((byte) => [...start, byte])), [[]]);
const UPPER = range(0xa1, 0xfe);
const LOWER = range(0x21, 0x7e);
const pairs = product(range(0x81, 0xfe), range(0x40, 0xfe));
/** Sequences of bytes, most of which stand for a letter. */
const SEQUENCES: Record<string, number[][]> = {
  gb18030: [...pairs, ...product([0x81, 0x84], range(0x30, 0x39), range(0x81, 0xfe), range(0x30, 0x39))],
  big5: pairs,
  'euc-kr': product(UPPER, UPPER),
  shift_jis: [
    ...product([...range(0x81, 0x9f), ...range(0xe0, 0xfc)], range(0x40, 0xfc)),
    ...product(range(0xa1, 0xdf)),
  ],
  'euc-jp': [...product(UPPER, UPPER), ...product([0x8e], range(0xa1, 0xdf)), ...product([0x8f], UPPER, UPPER)],
  'iso-2022-jp': product(LOWER, LOWER).map((pair) => [0x1b, 0x24, 0x42, ...pair, 0x1b, 0x28, 0x42]),
};

/** The sequences that Node reads as one letter each, and those letters. */
function lettersOf(encoding: string, sequences: number[][]): { bytes: number[]; text: string } {
  const lines = new TextDecoder(encoding)
    .decode(Uint8Array.from(sequences.flatMap((bytes) => [...bytes, 0x0a])))
    .split('\n');
  const isLetter = (line: string) => line !== '\ufffd' && [...line].length === 1;
  return {
    bytes: sequences.filter((_, at) => isLetter(lines[at]!)).flat(),
    text: lines.filter(isLetter).join(''),
  };
}

describe('text and bytes in a script', () => {
  it('knows the labels of the encoding standard', async () => {
    const labels = (await run('return Object.entries(blokTables.labels)')) as [string, string][];
    for (const [name, given] of labels)
      for (const label of given.split(' ')) expect([label, new TextDecoder(label).encoding]).toEqual([label, name]);
    const every = labels.flatMap(([, given]) => given.split(' '));
    expect(every.length).toBeGreaterThan(200);
    expect(
      await run('return input.map((label) => new TextDecoder(` ${label.toUpperCase()} `).encoding)', every),
    ).toEqual(every.map((label) => new TextDecoder(label).encoding));
  });

  it('reads every letter of the encodings of several bytes as Node does', async () => {
    const known = Object.entries(SEQUENCES).map(([name, sequences]) => ({ name, ...lettersOf(name, sequences) }));
    expect(known.map(({ text }) => [...text].length > 6_000)).toEqual(known.map(() => true));
    const texts = await decoded(
      known.map(({ name, bytes }) => [name, base64(bytes)]),
      '{ fatal: true }',
    );
    expect(texts).toEqual(known.map(({ text }) => text));
  });

  it('reads the encodings of one byte as Node does', async () => {
    const names = ['ibm866', 'koi8-r', 'macintosh', 'windows-1252', 'iso-8859-15', 'iso-8859-8-i', 'windows-1251'];
    const all = base64(range(0, 255));
    const texts = await decoded(names.map((name) => [name, all]));
    expect(texts).toEqual(names.map((name) => new TextDecoder(name).decode(Uint8Array.from(range(0, 255)))));
  });

  it('reads UTF-8 and UTF-16 as Node does, damaged or not', async () => {
    const damaged = fc.uint8Array({ maxLength: 12 }).filter((bytes) => bytes.length > 0);
    const samples = fc
      .sample(fc.tuple(fc.constantFrom('utf-8', 'utf-16le', 'utf-16be'), damaged), 500)
      .concat(fc.sample(fc.string({ unit: 'binary' }), 200).map((text) => ['utf-8', new TextEncoder().encode(text)]));
    const given = samples.map(([label, bytes]) => [label, base64(bytes)] as const);
    expect(await decoded(given)).toEqual(samples.map(([label, bytes]) => new TextDecoder(label).decode(bytes)));
  });

  it('fails on bytes that are not text, if asked to', async () => {
    const damaged: [string, number[]][] = [
      ['utf-8', [0xe4]],
      ['utf-16le', [0, 0xd8]],
      ['shift_jis', [0x81, 0x20]],
      ['gb18030', [0x81, 0x30, 0x81]],
      ['iso-2022-jp', [0x1b, 0x41]],
      ['windows-1253', [0xd2]],
    ];
    const said = await run(
      `return input.map(([label, bytes]) => {
         const given = Uint8Array.from(bytes);
         try {
           return new TextDecoder(label, { fatal: true }).decode(given);
         } catch (error) {
           return [error.name, error.message, new TextDecoder(label).decode(given).includes('\\ufffd')];
         }
       })`,
      damaged,
    );
    expect(said).toEqual(damaged.map(([label]) => ['TypeError', `the bytes are not ${label}`, true]));
  });

  it.concurrent.each([
    ['new TextDecoder("klingon")', 'knows no encoding "klingon"'],
    ['new TextDecoder().decode("text")', 'takes bytes'],
    ['new TextDecoder().decode(new Uint8Array(1), { stream: true })', '"stream" is not available'],
    ['btoa("€")', 'up to U+00FF'],
    ['atob("a")', 'not base64'],
    ['atob("ab=c")', 'not base64'],
    ['atob("a-_b")', 'not base64'],
  ])('refuses %s', async (source, says) => {
    expect((await failure(run(source))).message).toContain(says);
  });

  it('removes a byte order mark, unless told to keep it', async () => {
    const marked = base64([0xef, 0xbb, 0xbf, 0x61]);
    expect(
      await decoded([
        ['utf-8', marked],
        ['utf-16', base64([0xff, 0xfe, 0x61, 0])],
      ]),
    ).toEqual(['a', 'a']);
    expect(await decoded([['utf-8', marked]], '{ ignoreBOM: true }')).toEqual(['\ufeffa']);
  });

  it('writes UTF-8 and base64 as Node does', async () => {
    const texts = [...fc.sample(fc.string({ unit: 'binary' }), 100), '', '\ud800', '🙂'];
    expect(await run('return input.map((text) => [...new TextEncoder().encode(text)])', texts)).toEqual(
      texts.map((text) => [...new TextEncoder().encode(text)]),
    );
    const binary = fc
      .sample(fc.uint8Array({ maxLength: 9 }), 100)
      .map((bytes) => Buffer.from(bytes).toString('latin1'));
    const both = await run('return input.map((text) => [btoa(text), atob(btoa(text))])', binary);
    expect(both).toEqual(binary.map((text) => [btoa(text), text]));
    expect(await run('const a = new Uint8Array(4); return [new TextEncoder().encodeInto("aé🙂", a), [...a]]')).toEqual([
      { read: 2, written: 3 },
      [97, 0xc3, 0xa9, 0],
    ]);
  });
});

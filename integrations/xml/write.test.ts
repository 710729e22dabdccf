import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { read } from './read.ts';
import { write } from './write.ts';

describe('xml.write', { timeout: 60_000 }, () => {
  it('writes what xml.read reads back', async () => {
    const value = { '@id': '7 "<&>"', item: ['Tea', { '@n': '2', '#text': 'Milk & <b>' }], empty: '' };
    const { text } = await runNode(write, fakeContext(), { root: 'order', value });
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<order id="7 &quot;&lt;&amp;&gt;&quot;">\n  <item>Tea</item>\n' +
        '  <item n="2">Milk &amp; &lt;b&gt;</item>\n  <empty/>\n</order>\n',
    );
    expect((await runNode(read, fakeContext(), { text: text! })).value).toEqual(value);
  });

  it('writes a file', async () => {
    const ctx = fakeContext();
    const parameters = { root: 'a', value: 1, declaration: false, indent: false, saveAs: 'a.xml' };
    expect(await runNode(write, ctx, parameters)).toEqual({ path: 'a.xml', size: 9 });
    expect(Buffer.from((await ctx.files.read('a.xml'))!.bytes).toString()).toBe('<a>1</a>\n');
  });

  it('refuses what XML cannot hold', async () => {
    const made = (root: string, value: unknown) =>
      failure(runNode(write, fakeContext(), { root, value: value as never }));
    for (const [root, value] of [
      ['1a', ''],
      ['a', { 'b c': 1 }],
      ['a', '\u0000'],
      ['a', { b: [[1]] }],
      ['a', { '@x': {} }],
    ] as const)
      expect((await made(root, value)).code).toBe('document.value');
  });
});

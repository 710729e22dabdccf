import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { read } from './read.ts';

const readText = (text: string, parameters: object = {}) => runNode(read, fakeContext(), { text, ...parameters });

describe('xml.read', { timeout: 60_000 }, () => {
  it('reads elements, attributes, lists and texts', async () => {
    const text = `<?xml version="1.0"?><!-- c --><o:order xmlns:o="urn:x" id="007"><item>Tea</item><item n="2">Milk &amp; <![CDATA[<b>]]></item>
      <one>&#xe9;</one><empty/></o:order>`;
    expect(await readText(text, { lists: ['one'] })).toEqual({
      root: 'order',
      value: { '@id': '007', item: ['Tea', { '@n': '2', '#text': 'Milk & <b>' }], one: ['é'], empty: '' },
      encoding: 'utf-8',
    });
    expect(await readText(text, { namespaces: 'keep' })).toMatchObject({
      root: 'o:order',
      value: { '@xmlns:o': 'urn:x' },
    });
    expect((await readText('<a>text</a>')).value).toBe('text');
    expect((await readText('<a><__proto__>x</__proto__></a>')).value).toEqual(JSON.parse('{"__proto__":"x"}'));
  });

  it('reads the encoding that the document declares', async () => {
    const base64 = Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>', 'latin1').toString('base64');
    expect(await runNode(read, fakeContext(), { base64 })).toMatchObject({ value: 'é', encoding: 'iso-8859-1' });
  });

  it('does not believe a declaration that cannot be true, and reads UTF-16 without a mark', async () => {
    const declared = '<?xml version="1.0" encoding="utf-16"?><a>é</a>';
    const reading = (bytes: Buffer) => runNode(read, fakeContext(), { base64: bytes.toString('base64') });
    expect(await reading(Buffer.from(declared))).toMatchObject({ value: 'é', encoding: 'utf-8' });
    expect(await reading(Buffer.from(declared, 'utf16le'))).toMatchObject({ value: 'é', encoding: 'utf-16le' });
    expect((await reading(Buffer.from(declared, 'utf16le').swap16())).value).toBe('é');
  });

  it('expands no entities and loads nothing', async () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "xxxxxxxxxx"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>';
    expect((await failure(readText(bomb))).message).toContain('declares entities of its own');
    const outside = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>';
    expect((await failure(readText(outside))).code).toBe('document.broken');
    expect((await readText('<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a>x</a>')).value).toBe('x');
  });

  it('says where a document is wrong', async () => {
    const error = await failure(readText('<a>\n<b></a>'));
    expect(error.code).toBe('document.broken');
    expect(error.message).toMatch(/not well-formed at 2:\d+/);
    expect((await failure(readText('<a>'.repeat(300)))).message).toContain('deeper than 200 levels');
    expect((await failure(readText(''))).code).toBe('document.broken');
  });
});

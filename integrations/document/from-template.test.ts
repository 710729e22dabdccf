import { describe, expect, it } from 'vitest';
import { paragraph, wordDocument, wordTable } from '../parsing/testing/office.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { fromTemplate } from './from-template.ts';
import { text } from './text.ts';

const data = {
  customer: { name: 'Ann & <Ben>' },
  items: [
    { name: 'Tea', price: 2 },
    { name: 'Milk', price: 1 },
  ],
  none: [],
};

describe('document.fromTemplate', { timeout: 60_000 }, () => {
  it('fills a document of Word', async () => {
    const ctx = fakeContext();
    const loop = wordTable([['{{#items}}{{name}}', '{{price}}{{/items}}']]);
    const body = `${paragraph('Dear {{customer.name}}{{missing}},')}${loop}${paragraph('{{#none}}NO{{/none}}{{^none}}yes{{/none}}')}`;
    const base64 = wordDocument(body).toString('base64');
    const made = await runNode(fromTemplate, ctx, { base64, data, saveAs: 'a.docx' });
    expect(made).toMatchObject({ kind: 'docx', path: 'a.docx' });
    const read = await runNode(text, ctx, { path: 'a.docx' });
    expect(read.text).toContain('Dear Ann & <Ben>,');
    expect(read.text).toMatch(/Tea\s+2\s+Milk\s+1\s+yes/);
  });

  it('fills a page, and escapes what it puts in', async () => {
    const template = '<p>{{customer.name}}</p>{{#items}}<b>{{name}}</b>{{/items}}{{{customer.name}}}';
    expect((await runNode(fromTemplate, fakeContext(), { text: template, data })).text).toBe(
      '<p>Ann &amp; &lt;Ben&gt;</p><b>Tea</b><b>Milk</b>Ann & <Ben>',
    );
  });

  it('says where a template is wrong', async () => {
    const word = wordDocument(paragraph('{{#items}} {{name}}')).toString('base64');
    const error = await failure(runNode(fromTemplate, fakeContext(), { base64: word, data }));
    expect(error).toMatchObject({ code: 'document.template' });
    expect(error.message).toContain('items');
    const page = failure(runNode(fromTemplate, fakeContext(), { text: '<p>{{#items}}</p>', data }));
    expect((await page).code).toBe('document.template');
    const other = Buffer.from('{\\rtf1 x}').toString('base64');
    expect((await failure(runNode(fromTemplate, fakeContext(), { base64: other, data }))).code).toBe('document.kind');
  });
});

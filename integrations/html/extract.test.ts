import { describe, expect, it } from 'vitest';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { extract } from './extract.ts';

const PAGE = `<!doctype html><html lang="en"><head><title>Shop &amp; more</title><script>alert(1)</script></head><body>
  <nav><a href="/">Home</a></nav><ul>
  <li class="p"><a href="/tea"><b>Tea</b></a><span>2 €</span></li>
  <li class="p"><a href="https://x.example/milk">Milk</a></li></ul>
  <table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>`;

const from = (parameters: object, text = PAGE) => runNode(extract, fakeContext(), { text, ...parameters });

describe('html.extract', { timeout: 60_000 }, () => {
  it('takes values by selectors', async () => {
    const fields = {
      names: { selector: 'li a', all: true },
      first: { selector: 'li a', as: 'html' },
      none: { selector: '.none' },
    };
    expect(await from({ fields })).toEqual({
      title: 'Shop & more',
      language: 'en',
      fields: { names: ['Tea', 'Milk'], first: '<b>Tea</b>', none: null },
    });
  });

  it('takes values from each match', async () => {
    const fields = { name: { selector: 'a' }, link: { selector: 'a', attribute: 'href' }, price: { selector: 'span' } };
    expect((await from({ each: 'li.p', fields, baseUrl: 'https://shop.example/list/' })).items).toEqual([
      { name: 'Tea', link: 'https://shop.example/tea', price: '2 €' },
      { name: 'Milk', link: 'https://x.example/milk', price: null },
    ]);
  });

  it('gives the page as text or Markdown, tables included, without scripts', async () => {
    const { markdown } = await from({ as: 'markdown' });
    expect(markdown).toContain('[**Tea**](/tea)');
    expect(markdown).toContain('| a   | b   |\n| --- | --- |\n| 1   | 2   |');
    expect(markdown).not.toContain('alert');
    const { text } = await from({ as: 'text' });
    expect(text).toContain('Tea');
    expect(text).not.toMatch(/alert|Shop & more/);
  });

  it('finds the article of a page', async () => {
    const paragraphs = Array.from(
      { length: 8 },
      (_, at) => `<p>Paragraph ${at}: ${'words of the article, '.repeat(20)}</p>`,
    );
    const page = `<html><head><title>News</title></head><body><nav>Menu</nav><article><h1>News</h1>${paragraphs.join('')}</article><footer>Imprint</footer></body></html>`;
    const { article } = await from({ as: 'article' }, page);
    expect(article).toMatchObject({ title: 'News' });
    expect(article!.text).toContain('Paragraph 7');
    expect(article!.markdown).not.toMatch(/Menu|Imprint/);
    expect((await from({ as: 'article' }, '<p>x</p>')).article).toBeNull();
  });

  it('reads the encoding that a page declares', async () => {
    const base64 = Buffer.from(
      '<meta charset="windows-1251"><title>\xcf\xf0\xe8\xe2\xe5\xf2</title>',
      'latin1',
    ).toString('base64');
    expect(await runNode(extract, fakeContext(), { base64 })).toMatchObject({ title: 'Привет' });
  });

  it('says which selector is wrong', async () => {
    const error = await failure(from({ fields: { a: { selector: 'li[' } } }));
    expect(error).toMatchObject({ code: 'document.value' });
    expect(error.message).toContain('The selector of "fields.a" is not valid');
  });
});

import { describe, expect, it } from 'vitest';
import { text } from '../document/text.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { create } from './create.ts';

const MARKDOWN = `# Invoice 7

Dear **Ann**, thank you & good bye: [shop](https://shop.example).

- one
- two

| Item | Price |
|---|--:|
| Чай, Größe | 2.00 |

\`\`\`
code  here
\`\`\`
`;

describe('pdf.create', { timeout: 60_000 }, () => {
  it('makes a PDF whose text can be read back, in several scripts', async () => {
    const ctx = fakeContext();
    const made = await runNode(create, ctx, {
      markdown: MARKDOWN,
      title: 'Invoice',
      footer: '{page} of {pages}',
      saveAs: 'a.pdf',
    });
    expect(made).toMatchObject({ path: 'a.pdf', pages: 1 });
    const read = await runNode(text, ctx, { path: 'a.pdf' });
    expect(read).toMatchObject({ kind: 'pdf', title: 'Invoice', pageCount: 1 });
    for (const part of [
      'Invoice 7',
      'Dear Ann, thank you & good bye: shop',
      'two',
      'Чай, Größe',
      '2.00',
      'code',
      '1 of 1',
    ])
      expect(read.text).toContain(part);
  });

  it('makes as many pages as the content needs', async () => {
    const markdown = Array.from({ length: 200 }, (_, at) => `Paragraph ${at}`).join('\n\n');
    expect((await runNode(create, fakeContext(), { markdown })).pages).toBeGreaterThan(3);
  });

  it('keeps the structure of HTML, and loads nothing', async () => {
    const ctx = fakeContext();
    const html =
      '<h1>Title</h1><img src="http://127.0.0.1:1/x.png"><table><tr><th>a</th></tr><tr><td>1</td></tr></table><script>x</script>';
    const { blob } = await runNode(create, ctx, { html });
    const read = await runNode(text, ctx, { blob: blob! });
    expect(read.text).toContain('Title');
    expect(read.text).not.toContain('x');
  });

  it('refuses a bad path before any work', async () => {
    expect((await failure(runNode(create, fakeContext(), { markdown: 'x', saveAs: '/a' }))).code).toBe('file.path');
  });
});

import { describe, expect, it } from 'vitest';
import { paragraph, presentation, sheetData, wordDocument, wordTable, workbook } from '../parsing/testing/office.ts';
import { pdfOf } from '../parsing/testing/pdf.ts';
import { failure, fakeContext, runNode } from '../testing/run-node.ts';
import { text } from './text.ts';

const textOf = (bytes: Buffer, parameters: object = {}) =>
  runNode(text, fakeContext(), { base64: bytes.toString('base64'), ...parameters });

describe('document.text', { timeout: 60_000 }, () => {
  it('reads a PDF page by page', async () => {
    const pages = [
      [
        { text: 'First page (1)', x: 50, y: 700 },
        { text: 'second line', x: 50, y: 680 },
      ],
      [],
      [{ text: 'Last', x: 50, y: 700 }],
    ];
    expect(await textOf(pdfOf(pages, { title: 'A report' }), { pages: true })).toEqual({
      kind: 'pdf',
      title: 'A report',
      text: 'First page (1)\nsecond line\n\nLast',
      pages: ['First page (1)\nsecond line', '', 'Last'],
      pageCount: 3,
      more: false,
      emptyPages: [2],
    });
    expect(await textOf(pdfOf(pages), { limit: 1 })).toMatchObject({ more: true, pageCount: 3, title: null });
  });

  it('says that a PDF without text is scanned', async () => {
    const error = await failure(textOf(pdfOf([[], []])));
    expect(error).toMatchObject({ code: 'document.scanned', retryable: false });
    expect(error.message).toContain('document.ocr reads images');
  });

  it('reads a document of Word, as text and as Markdown', async () => {
    const heading = '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Überschrift</w:t></w:r></w:p>';
    const body = `${heading}${paragraph('Grüße, 世界')}${wordTable([
      ['a', 'b'],
      ['1', '2'],
    ])}`;
    const bytes = wordDocument(body, 'Title');
    const plain = await textOf(bytes);
    expect(plain).toMatchObject({ kind: 'docx', title: 'Title', pageCount: 1 });
    expect(plain.text).toContain('Grüße, 世界');
    expect(plain.text).toMatch(/1\s+2/);
    expect((await textOf(bytes, { as: 'markdown' })).text).toContain('# Überschrift');
  });

  it('reads a text in the encoding that the author names', async () => {
    const bytes = Buffer.from('Grüße aus Zürich', 'utf16le');
    expect(await textOf(bytes, { encoding: 'utf-16le' })).toMatchObject({ kind: 'text', text: 'Grüße aus Zürich' });
    expect((await failure(textOf(bytes))).message).toContain('name its encoding');
  });

  it('heeds no encoding that a text declares which is decoded already', async () => {
    const page = '<html><head><meta charset="windows-1251"></head><body>Grüße</body></html>';
    expect(await runNode(text, fakeContext(), { text: page })).toMatchObject({ kind: 'html', text: 'Grüße' });
    const given = { text: 'Grüße', encoding: 'windows-1252' };
    expect(await runNode(text, fakeContext(), given)).toMatchObject({ text: 'Grüße' });
  });

  it('reads slides in the order in which they are shown', async () => {
    const bytes = presentation([['One', 'point'], ['Two']]);
    expect(await textOf(bytes, { pages: true })).toMatchObject({
      kind: 'pptx',
      pages: ['One\npoint', 'Two'],
      pageCount: 2,
    });
  });

  it('reads the sheets of a workbook', async () => {
    const bytes = workbook({
      sheets: {
        A: sheetData([
          ['x', 1],
          [null, true],
        ]),
        '.H': sheetData([['secret']]),
      },
    });
    expect((await textOf(bytes)).text).toBe('A\nx\t1\n\ttrue');
  });

  it('reads a mail', async () => {
    const mail = [
      'From: =?UTF-8?B?SsO8cmdlbg==?= <j@example.com>',
      'To: ann@example.com',
      'Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=',
      'Date: Fri, 29 May 2026 10:00:00 +0200',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '<p>Sch=F6n</p>',
      '--b',
      'Content-Type: application/pdf; name=a.pdf',
      'Content-Disposition: attachment; filename=a.pdf',
      '',
      'x',
      '--b--',
      '',
    ].join('\r\n');
    const read = await textOf(Buffer.from(mail));
    expect(read).toMatchObject({ kind: 'eml', title: 'Grüße' });
    expect(read.text).toBe(
      'Subject: Grüße\nFrom: "Jürgen" <j@example.com>\nTo: ann@example.com\nDate: 2026-05-29T08:00:00.000Z\nAttachments: a.pdf\n\nSchön',
    );
  });

  it('reads Rich Text Format', async () => {
    const rtf = String.raw`{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial;}}{\info{\title No}}\f0 Gr\'fc\'dfe\par \f1\'cf\'f0\'e8\'e2\'e5\'f2\par\u26085?\u26412?\line a\tab b{\*\bkmkstart x}\{\}}`;
    expect(await textOf(Buffer.from(rtf, 'latin1'))).toMatchObject({
      kind: 'rtf',
      text: 'Grüße\nПривет\n日本\na\tb{}',
    });
  });

  it('reads HTML, CSV and text', async () => {
    expect(await textOf(Buffer.from('<html><title>T</title><p>one</p><p>two</p></html>'))).toMatchObject({
      kind: 'html',
      title: 'T',
      text: 'one\n\ntwo',
    });
    expect(await textOf(Buffer.from('a;b\n1;2\n'))).toMatchObject({ kind: 'csv', text: 'a;b\n1;2\n' });
    expect(await textOf(Buffer.from('\ufeffHello, world. Well, well.\nGood bye.', 'utf16le'))).toMatchObject({
      kind: 'text',
      text: 'Hello, world. Well, well.\nGood bye.',
    });
  });
});

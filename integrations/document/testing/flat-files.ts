import { gzipSync } from 'node:zlib';
import { pngOf } from '../../image/testing/png.ts';

/** Files by what is special about them: their bytes, and the text or the error that they give. */
export type Files = Readonly<Record<string, readonly [bytes: Uint8Array, expected: string]>>;

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const wide = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le');

/** CSV. */
export const csvFiles = (): Files => ({
  commas: [utf8('id,name\n1,Ann\n2,Ben\n'), 'csv: id,name 1,Ann 2,Ben'],
  'semicolons and CRLF': [utf8('id;name\r\n1;Ann\r\n'), 'csv: id;name 1;Ann'],
  tabs: [utf8('id\tname\n1\tAnn\n'), 'csv: id name 1 Ann'],
  'a byte order mark': [utf8('\ufeffname,город\nАнна,Москва\n'), 'csv: name,город Анна,Москва'],
  'UTF-16': [wide('名前,市\n太郎,東京\n'), 'csv: 名前,市 太郎,東京'],
  'UTF-16, the other way round': [wide('name;city\nÅsa;Zürich\n').swap16(), 'csv: name;city Åsa;Zürich'],
  'windows-1252, which nothing declares': [latin1('name;city\nM\xfcller;K\xf6ln\n'), 'document.encoding'],
  'a quote that is never closed': [utf8('a,b\n"1,2\n3,4\n'), 'a,b "1,2 3,4'],
  'dates and leading zeros': [utf8('id,day\n007,2026-05-31\n'), '007,2026-05-31'],
});

/** HTML. */
export const htmlFiles = (): Files => ({
  'a page': [utf8('<!DOCTYPE html><html><body><h1>Title</h1><p>Text</p></body></html>'), 'html: Title Text'],
  'a fragment': [utf8('<div><p>one<p>two</div>'), 'html: one two'],
  'a page in Russian': [
    latin1('<html><head><meta charset="windows-1251"></head><body>\xcf\xf0\xe8\xe2\xe5\xf2</body></html>'),
    'html: Привет',
  ],
  'UTF-16': [wide('<!doctype html><html><body>Привет</body></html>'), 'html: Привет'],
  'UTF-16, the other way round': [wide('<!doctype html><html><body>Привет</body></html>').swap16(), 'html: Привет'],
  'UTF-8 that declares UTF-16': [utf8('<html><meta charset="utf-16"><body>Grüße</body></html>'), 'html: Grüße'],
  'scripts and styles': [
    utf8('<html><style>a{}</style><script>alert(1)</script><body>seen</body></html>'),
    'html: seen',
  ],
  entities: [utf8('<html><body>&lt;a&gt; &eacute; &#x4e16;</body></html>'), 'html: <a> é 世'],
  'tags that nobody closes': [utf8(`<html><body>${'<div>'.repeat(500)}deep`), 'html: deep'],
  'a fragment that begins with a heading': [utf8('<h2>Title</h2><p>one'), 'html: Title one'],
  'a fragment that begins within a line': [utf8('<span>one</span> two'), 'html: one two'],
  'a template, which nobody sees': [
    utf8('<html><body><template><p>no</p></template><p>seen</p></body></html>'),
    'html: seen',
  ],
  'a hundred thousand levels': [utf8(`<html><body>${'<div>'.repeat(100_000)}deep`), 'document.broken'],
  'an unknown encoding': [utf8('<html><meta charset="klingon"><body>text</body></html>'), 'html: text'],
});

/** A mail of several parts, each with its header. */
const mailOf = (...parts: readonly string[]): Buffer =>
  utf8(
    [
      'From: a@example.com\nSubject: Outer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n',
      ...parts.map((part) => `--X\n${part}`),
      '--X--\n',
    ].join('\n'),
  );
const innerMail = (subject: string, text: string, header = ''): string =>
  `From: c@example.com\nSubject: ${subject}\n${header}\n${text}`;

/** Mail. */
export const mailFiles = (): Files => ({
  plain: [
    utf8('From: a@example.com\nTo: b@example.com\nSubject: Hi\n\nHello\n'),
    'Subject: Hi From: a@example.com To: b@example.com Hello',
  ],
  'encoded words': [
    utf8('From: a@example.com\r\nSubject: =?utf-8?B?0J/RgNC40LLQtdGC?=\r\n\r\nText\r\n'),
    'Subject: Привет',
  ],
  'only HTML': [
    utf8('From: a@example.com\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n<p>Grüße</p>'),
    'Grüße',
  ],
  'Japanese of before Unicode': [
    latin1('From: a@example.com\nSubject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$BF|K\\\x1b(B\n'),
    '日本',
  ],
  'a byte order mark': [
    utf8('\ufeffFrom: a@example.com\nSubject: Hi\n\nHello\n'),
    'Subject: Hi From: a@example.com Hello',
  ],
  'a mail that is attached to a mail': [
    mailOf(
      'Content-Type: text/plain\n\nSee below.\n',
      `Content-Type: message/rfc822\nContent-Disposition: attachment; filename=inner.eml\n\n${innerMail('Inner', 'The inner text.')}\n`,
    ),
    'Attachments: inner.eml See below. --- inner.eml --- Subject: Inner From: c@example.com The inner text.',
  ],
  'text and HTML after one another': [
    mailOf('Content-Type: text/plain\n\none\n', 'Content-Type: text/html\n\n<p>two</p>\n'),
    'one two',
  ],
  'letters whose encoding is not said': [
    latin1('From: J\xfcrgen <a@example.com>\nSubject: Gr\xfc\xdfe\n\nSch\xf6n\n'),
    'document.encoding',
  ],
  'Latin-1 of eight bits that is declared': [
    latin1('From: a@example.com\nSubject: x\nContent-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe\n'),
    'Subject: x From: a@example.com Grüße',
  ],
  'a line of a mailbox before its header': [
    utf8('From a@example.com Fri May 29 10:00:00 2026\nFrom: a@example.com\nSubject: Hi\n\nHello\n'),
    'eml: Subject: Hi From: a@example.com Hello',
  ],
  'nothing but a header': [utf8('From: a@example.com\nSubject: only this\n'), 'Subject: only this'],
});

/** Rich Text Format. */
export const rtfFiles = (): Files => ({
  plain: [latin1('{\\rtf1\\ansi Hello\\par world}'), 'rtf: Hello world'],
  Cyrillic: [latin1("{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2}"), 'rtf: Привет'],
  Unicode: [latin1('{\\rtf1\\uc1 \\u26085?\\u26412? \\u-10179?\\u-8704?}'), 'rtf: 日本 😀'],
  'fonts and pictures': [
    latin1('{\\rtf1{\\fonttbl{\\f0 Arial;}}{\\pict\\pngblip 89504e47}seen{\\*\\unknown hidden}}'),
    'rtf: seen',
  ],
  'hidden text, deleted text and bytes': [
    latin1('{\\rtf1 a{\\v no}b\\v no\\v0 c{\\deleted no}{\\*\\blip no}d{\\bin4 {{{{}e}'),
    'rtf: abcde',
  ],
  'bytes as they are': [latin1('{\\rtf1\\ansi\\ansicpg1251 \xcf\xf0\xe8\xe2\xe5\xf2}'), 'rtf: Привет'],
  'Japanese, whose second bytes are letters and signs': [
    latin1("{\\rtf1\\ansi\\ansicpg932 \\'83A\\'83\\\\}"),
    'rtf: アソ',
  ],
  'letters of the Macintosh': [latin1("{\\rtf1\\mac Gr\\'9f\\'a7e}"), 'rtf: Grüße'],
  'letters of DOS': [latin1("{\\rtf1\\ansi\\ansicpg850 Gr\\'81\\'e1e}"), 'document.encoding'],
  'Unicode beside what old programs show': [
    latin1('{\\rtf1{\\info{\\upr{\\title no}{\\*\\ud{\\title no}}}}{\\upr{a?}{\\*\\ud{a\\u8364 }}}{\\u8364}b\\u0 }'),
    'rtf: a€€b',
  ],
  'a box and a table in a table': [
    latin1(
      '{\\rtf1 a{\\shp{\\*\\shpinst{\\sp{\\sn no}{\\sv no}}{\\shptxt box\\par}}{\\shprslt no}}x\\nestcell y\\nestcell{\\*\\nesttableprops\\nestrow}{\\nonesttables no}z\\emspace z}',
    ),
    'rtf: a box x y z z',
  ],
  'groups that nobody closes': [latin1('{\\rtf1 {{{text'), 'rtf: text'],
  'a million groups': [latin1(`{\\rtf1 ${'{'.repeat(1_000_000)}`), 'document.broken'],
});

/** Text. */
export const plainFiles = (): Files => ({
  empty: [utf8(''), 'document.broken'],
  prose: [utf8('Dear Ann,\nthank you, and good bye.\n'), 'text: Dear Ann, thank you, and good bye.'],
  Arabic: [utf8('مرحبا بالعالم'), 'text: مرحبا بالعالم'],
  'UTF-16 without its first letter': [wide('Grüße'), 'text: Grüße'],
  'UTF-16, the other way round': [wide('Grüße').swap16(), 'text: Grüße'],
  'letters with which programs begin, too': [utf8('MZ is a prefix of numbers in Mozambique.'), 'text: MZ is a prefix'],
  'UTF-16 that nothing declares': [wide('Hello').subarray(2), 'document.kind'],
  'UTF-16 that nothing declares, far behind the beginning': [
    Buffer.concat([utf8('a'.repeat(9_000)), wide('Hello').subarray(2)]),
    'document.encoding',
  ],
  'white space': [utf8('\n\n  \n'), 'text:'],
  'bytes of no encoding': [Buffer.from([0x61, 0xff, 0xfe, 0x62]), 'document.encoding'],
  'bytes of no document': [Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 7) % 256)), 'document.kind'],
});

/** Images hold no text. */
export const imageFiles = (): Files => ({
  PNG: [pngOf(2, 2), 'document.kind'],
  JPEG: [Buffer.from('ffd8ffe000104a46494600010100', 'hex'), 'document.kind'],
  GIF: [Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'), 'document.kind'],
  WebP: [latin1('RIFF\x10\0\0\0WEBPVP8 '), 'document.kind'],
});

const ole = (stream: string): Buffer =>
  Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(504),
    Buffer.from(stream, 'utf16le'),
    Buffer.alloc(512),
  ]);

/** Kinds that are told apart, so that the error can say what to do. */
export const otherFiles = (): Files => ({
  'Word of 1997': [ole('WordDocument'), 'document.kind'],
  'Excel of 1997': [ole('Workbook'), 'document.kind'],
  'a message of Outlook': [ole('__properties_version1.0'), 'document.kind'],
  'an Office document with a password': [ole('EncryptedPackage'), 'document.encrypted'],
  gzip: [gzipSync('text'), 'document.kind'],
  'a program': [latin1('\x7fELF\x02\x01\x01'), 'document.kind'],
  '7-Zip': [Buffer.from('377abcaf271c0004', 'hex'), 'document.kind'],
});

import { separatorOf } from '../../csv/separator.ts';
import { imageFormat, startsWith } from '../../parsing/image-format.ts';
import { DocumentError } from '../../parsing/program.ts';
import { binaryKind } from '../../parsing/signature.ts';
import { encodingOfMark, isEncoding } from '../../text-encoding.ts';
import { type Archive, openArchive } from '../../zip/entries.ts';
import { MAILBOX_LINE } from './mail.ts';

/** Kinds of documents whose text can be read. */
export type DocumentKind = 'pdf' | 'docx' | 'pptx' | 'xlsx' | 'csv' | 'html' | 'eml' | 'rtf' | 'text';

/** A document, recognised by its bytes. The name of a file says nothing. */
export type Recognised =
  | { readonly kind: Exclude<DocumentKind, 'docx' | 'pptx'> }
  | { readonly kind: 'docx' | 'pptx'; readonly archive: Archive }
  | { readonly kind: 'image'; readonly format: string };

/**
 * The kind of a document, by its bytes.
 *
 * @param named the encoding of its text, if the author knows it
 * @throws DocumentError `document.kind` that says what to use instead, `document.encrypted`, `document.broken`
 */
export async function recognise(bytes: Buffer, named?: string): Promise<Recognised> {
  if (bytes.length === 0) throw new DocumentError('document.broken', 'it is empty');
  if (bytes.subarray(0, 1024).includes('%PDF-')) return { kind: 'pdf' };
  if (['504b0304', '504b0506', '504b0708'].some((mark) => startsWith(bytes, mark))) return ofArchive(bytes);
  if (startsWith(bytes, 'd0cf11e0a1b11ae1')) throw ofOle(bytes);
  if (bytes.toString('latin1', 0, 5) === '{\\rtf') return { kind: 'rtf' };
  const format = imageFormat(bytes);
  if (format) return { kind: 'image', format };
  const other = binaryKind(bytes);
  if (other) throw new DocumentError('document.kind', `This is ${other}.`);
  return { kind: kindOfText(bytes, named) };
}

async function ofArchive(bytes: Buffer): Promise<Recognised> {
  const archive = await openArchive(bytes);
  const names = new Set(archive.entries.map(({ fileName }) => fileName));
  const types = (await archive.read('[Content_Types].xml'))?.toString('utf8') ?? '';
  if (/wordprocessingml\.(document|template)\.main|ms-word\.document\.macroEnabled/.test(types))
    return { kind: 'docx', archive };
  if (/presentationml\.(presentation|slideshow|template)\.main|ms-powerpoint\.\w+\.macroEnabled/.test(types))
    return { kind: 'pptx', archive };
  if (/spreadsheetml\.(sheet|template)\.main|ms-excel\.(sheet|template)\.macroEnabled|sheet\.binary/.test(types))
    return { kind: 'xlsx' };
  const type = (names.has('mimetype') ? await archive.read('mimetype') : null)?.toString('latin1').trim() ?? '';
  if (/opendocument/.test(type))
    throw new DocumentError('document.kind', 'This is an OpenDocument file. Save it as .docx, .xlsx or .pdf.');
  if (/epub/.test(type)) throw new DocumentError('document.kind', 'This is a book (EPUB). Unpack it with zip.extract.');
  throw new DocumentError('document.kind', 'This is a ZIP archive. Unpack it with zip.extract.');
}

/** Documents in the container of older Office programs, recognised by the names of their streams. */
function ofOle(bytes: Buffer): DocumentError {
  const holds = (name: string): boolean => bytes.includes(Buffer.from(name, 'utf16le'));
  if (holds('EncryptedPackage'))
    return new DocumentError('document.encrypted', 'The document needs a password. Save it without one.');
  const [what, as] = holds('WordDocument')
    ? ['a document of Word 97 to 2003 (.doc)', '.docx']
    : holds('PowerPoint Document')
      ? ['a presentation of PowerPoint 97 to 2003 (.ppt)', '.pptx']
      : holds('Workbook') || holds('Book')
        ? ['a workbook of Excel 97 to 2003 (.xls)', '.xlsx']
        : holds('__properties_version')
          ? ['a message of Outlook (.msg)', '.eml']
          : ['a file of an older Office program', '.docx, .xlsx, .pptx or .pdf'];
  return new DocumentError('document.kind', `This is ${what}. Save it as ${as}.`);
}

/** How much of a text is looked at; even, because some letters take two bytes. */
const HEAD_BYTES = 8192;

function kindOfText(bytes: Buffer, named?: string): 'csv' | 'html' | 'eml' | 'text' {
  const encoding = named ?? encodingOfMark(bytes);
  const head = headOf(bytes, encoding ?? 'latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (encoding === null && /[\u0000-\u0006\u000e-\u001a]/.test(head))
    throw new DocumentError(
      'document.kind',
      'The bytes are of no known kind of document. If they are text, name its encoding in "encoding", such as utf-16le.',
    );
  if (
    /^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body|title|meta|style|div|p|a|b|i|span|font|center|table|ul|ol|dl|h[1-6]|hr|br|img|form|pre|blockquote|article|section|main|header|nav)[\s/>]/i.test(
      head,
    )
  )
    return 'html';
  if (isMail(head.replace(MAILBOX_LINE, ''))) return 'eml';
  const lines = head.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const separator = separatorOf(head);
  // A comma with a space behind it is one of prose.
  const isProse = separator === ',' && lines.every((line) => !/,(?=\S)/.test(line));
  return lines.length > 1 && !isProse && scoresAlike(lines, separator) ? 'csv' : 'text';
}

function headOf(bytes: Buffer, encoding: string): string {
  const decoder = new TextDecoder(isEncoding(encoding) ? encoding : 'latin1');
  // What is cut at the end of the head is no mistake.
  return decoder.decode(bytes.subarray(0, HEAD_BYTES), { stream: true });
}

/** A few header lines, among them some that only mail has. */
function isMail(head: string): boolean {
  const header = head.slice(0, Math.max(0, head.search(/\r?\n\r?\n/))) || head;
  const names = [...header.matchAll(/^([A-Za-z][\w-]*):/gm)].map(([, name]) => name!.toLowerCase());
  const typical = [
    'from',
    'to',
    'subject',
    'date',
    'received',
    'return-path',
    'message-id',
    'mime-version',
    'delivered-to',
  ];
  return /^[A-Za-z][\w-]*:/.test(head) && typical.filter((name) => names.includes(name)).length >= 2;
}

/** All of the first lines have as many fields. Lines of a text rarely have as many commas. */
function scoresAlike(lines: readonly string[], separator: string): boolean {
  const counts = lines
    .slice(0, Math.max(2, Math.min(lines.length - 1, 10)))
    .map((line) => line.replaceAll(/"[^"]*"/g, '').split(separator).length);
  return counts[0]! > 1 && counts.every((count) => count === counts[0]);
}

import { DocumentError } from '../parsing/program.ts';
import { localName, readXml } from '../parsing/xml-events.ts';
import { type Archive, openArchive } from '../zip/entries.ts';
import { kindOfFormat, type NumberKind } from './dates.ts';

/** A sheet of a workbook. */
export interface SheetEntry {
  readonly name: string;
  readonly file: string;
  readonly visible: boolean;
}

/** What all sheets of a workbook share. */
export interface Workbook {
  readonly archive: Archive;
  readonly sheets: readonly SheetEntry[];
  readonly from1904: boolean;
  readonly texts: readonly string[];
  /** What the numbers of a style are. */
  readonly kinds: readonly NumberKind[];
}

const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** @throws DocumentError if the bytes are not a workbook of Excel 2007 or later */
export async function openWorkbook(bytes: Buffer): Promise<Workbook> {
  requireWorkbook(bytes);
  const archive = await openArchive(bytes);
  const workbookFile = await mainPart(archive);
  if (workbookFile.endsWith('.bin'))
    throw new DocumentError('document.kind', 'This is a binary workbook (.xlsb). Save it as .xlsx.');
  const { listed, from1904 } = readWorkbook(await textOf(archive, workbookFile));
  const targets = await targetsOf(archive, workbookFile);
  const sheets = listed.flatMap(({ name, id, visible }) => {
    const file = targets.get(id)?.file;
    return file === undefined ? [] : [{ name, file, visible }];
  });
  const partOf = (type: string): string | undefined =>
    [...targets.values()].find((target) => target.type.endsWith(`/${type}`))?.file;
  const strings = partOf('sharedStrings');
  const styles = partOf('styles');
  return {
    archive,
    sheets,
    from1904,
    texts: strings === undefined ? [] : readTexts(await textOf(archive, strings, '<sst/>')),
    kinds: styles === undefined ? [] : readKinds(await textOf(archive, styles, '<styleSheet/>')),
  };
}

function requireWorkbook(bytes: Buffer): void {
  if (bytes.subarray(0, 8).equals(OLE)) {
    if (bytes.includes(Buffer.from('EncryptedPackage', 'utf16le')))
      throw new DocumentError('document.encrypted', 'The workbook needs a password. Save it without one.');
    throw new DocumentError('document.kind', 'This is a workbook of Excel 97 to 2003 (.xls). Save it as .xlsx.');
  }
  if (bytes.length === 0) throw new DocumentError('document.broken', 'it is empty');
  if (bytes.toString('latin1', 0, 2) !== 'PK')
    throw new DocumentError(
      'document.kind',
      'This is not an Excel workbook (.xlsx). Use csv.read for CSV, and document.tables for other kinds.',
    );
}

/** A part of the workbook as text. */
export async function textOf(archive: Archive, file: string, otherwise?: string): Promise<string> {
  const bytes = await archive.read(file);
  if (bytes) return bytes.toString('utf8').replace(/^\ufeff/, '');
  if (otherwise !== undefined) return otherwise;
  throw new DocumentError('document.broken', `it holds no ${file}`);
}

async function mainPart(archive: Archive): Promise<string> {
  const main = await mainPartOf(archive);
  if (main && /(^|\/)workbook[^/]*$/.test(main)) return main;
  if (main) throw new DocumentError('document.kind', 'This is an Office document, but not an Excel workbook.');
  throw new DocumentError('document.kind', 'This is a ZIP archive, but not an Excel workbook. Use zip.extract.');
}

/** The part of an Office document with which it begins, if there is one. */
export async function mainPartOf(archive: Archive): Promise<string | undefined> {
  const root = await relationsOf(archive, '_rels/.rels', '');
  return [...root.values()].find(({ type }) => type.endsWith('/officeDocument'))?.file;
}

/** A relation of a part of an Office document. */
interface Relation {
  readonly type: string;
  readonly file: string;
}

/** What a part of an Office document refers to, by id. */
export function targetsOf(archive: Archive, file: string): Promise<Map<string, Relation>> {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return relationsOf(archive, `${folder}_rels/${file.slice(folder.length)}.rels`, folder);
}

async function relationsOf(archive: Archive, file: string, folder: string): Promise<Map<string, Relation>> {
  const found = new Map<string, Relation>();
  readXml(await textOf(archive, file, '<Relationships/>'), {
    open: (name, { Id, Type, Target, TargetMode }) => {
      if (localName(name) !== 'Relationship' || Id === undefined || Target === undefined) return;
      if (TargetMode !== 'External') found.set(Id, { type: Type ?? '', file: resolve(folder, Target) });
    },
  });
  return found;
}

/** A path relative to a folder of the archive, `..` included. */
function resolve(folder: string, path: string): string {
  if (path.startsWith('/')) return path.slice(1);
  const parts: string[] = [];
  for (const part of `${folder}${path}`.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

function readWorkbook(xml: string): {
  listed: { name: string; id: string; visible: boolean }[];
  from1904: boolean;
} {
  const listed: { name: string; id: string; visible: boolean }[] = [];
  let from1904 = false;
  readXml(xml, {
    open: (name, attributes) => {
      if (localName(name) === 'workbookPr') from1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
      if (localName(name) !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.includes(':') && localName(key) === 'id')?.[1];
      const visible = !attributes.state || attributes.state === 'visible';
      listed.push({ name: attributes.name ?? '', id: id ?? '', visible });
    },
  });
  return { listed, from1904 };
}

/** Texts that cells share, without the hints of how to pronounce them (`rPh`). */
function readTexts(xml: string): string[] {
  const texts: string[] = [];
  const text = textCollector();
  readXml(xml, {
    open: (name) => {
      if (localName(name) === 'si') text.clear();
      text.open(localName(name));
    },
    text: text.add,
    close: (name) => {
      text.close(localName(name));
      if (localName(name) === 'si') texts.push(text.whole());
    },
  });
  return texts;
}

/** Collects the text within `t`, except that within `rPh`. */
export function textCollector() {
  let whole = '';
  let inText = false;
  let hints = 0;
  return {
    open: (name: string): void => {
      if (name === 't') inText = true;
      if (name === 'rPh') hints += 1;
    },
    add: (part: string): void => {
      if (inText && hints === 0) whole += part;
    },
    close: (name: string): void => {
      if (name === 't') inText = false;
      if (name === 'rPh') hints -= 1;
    },
    clear: (): void => {
      whole = '';
    },
    /** Control characters are written as `_x000D_`. */
    whole: (): string =>
      whole.replaceAll(/_x([0-9A-F]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  };
}

function readKinds(xml: string): NumberKind[] {
  const formats = new Map<number, string>();
  const kinds: NumberKind[] = [];
  let inCells = false;
  readXml(xml, {
    open: (name, { numFmtId, formatCode }) => {
      const local = localName(name);
      if (local === 'numFmt') formats.set(Number(numFmtId), formatCode ?? '');
      if (local === 'cellXfs') inCells = true;
      const id = Number(numFmtId ?? 0);
      if (local === 'xf' && inCells) kinds.push(kindOfFormat(id, formats.get(id)));
    },
    close: (name) => {
      if (localName(name) === 'cellXfs') inCells = false;
    },
  });
  return kinds;
}

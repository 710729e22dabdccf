import { isUtf8 } from 'node:buffer';
import { crc32 } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { DocumentError } from '../parsing/program.ts';

/** Most entries of an archive. */
const MAX_ENTRIES = 10_000;
/** Most bytes that an archive may unpack to, all of its entries together. */
export const MAX_UNPACKED_BYTES = 256 * 1024 * 1024;
const TYPE_OF_UNIX = 0o170_000;
const LINK = 0o120_000;

/** An opened archive. */
export interface Archive {
  readonly entries: readonly Entry[];
  /** The bytes of an entry, checked by their checksum; null if there is none of that name. */
  read(name: string): Promise<Buffer | null>;
}

/**
 * Opens an archive without unpacking anything. What it unpacks to is counted as it is read, whatever the archive says of
 * its sizes, so that a small archive cannot fill the memory.
 *
 * @throws DocumentError `document.broken`, `document.path`, `document.tooLarge`
 */
export async function openArchive(bytes: Buffer): Promise<Archive> {
  const file = await open(bytes);
  if (file.entryCount > MAX_ENTRIES) throw tooMany();
  const entries = await entriesOf(file);
  // Of two entries with the same name, the last one counts, as in other programs.
  const byName = new Map(entries.map((entry) => [entry.fileName, entry]));
  let left = MAX_UNPACKED_BYTES;
  return {
    entries,
    read: async (name) => {
      const entry = byName.get(name);
      if (!entry) return null;
      const content = await contentOf(file, entry, left);
      left -= content.byteLength;
      return content;
    },
  };
}

const open = (bytes: Buffer): Promise<ZipFile> =>
  new Promise((resolve, reject) => {
    yauzl.fromBuffer(bytes, { lazyEntries: true }, (error, file) => (error ? reject(broken(error)) : resolve(file)));
  });

function entriesOf(file: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  return new Promise((resolve, reject) => {
    file.on('error', (error: Error) => reject(broken(error)));
    file.on('end', () => resolve(entries));
    file.on('entry', (entry: Entry) => {
      entry.fileName = nameOf(entry);
      entries.push(entry);
      const fault = faultOf(entry);
      if (fault) reject(fault);
      else if (entries.length > MAX_ENTRIES) reject(tooMany());
      else file.readEntry();
    });
    file.readEntry();
  });
}

const UTF8_FLAG = 0x800;
/** The field in which Info-ZIP notes a name in Unicode. */
const UNICODE_PATH = 0x7075;

/** The archiver of macOS and others write UTF-8 and do not say so. No name of DOS (CP437) with other letters than ASCII looks like it. */
function nameOf({ fileName, fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  const isNamed = (generalPurposeBitFlag & UTF8_FLAG) !== 0 || extraFields.some(({ id }) => id === UNICODE_PATH);
  return isNamed || !isUtf8(fileNameRaw) ? fileName : fileNameRaw.toString('utf8').replaceAll('\\', '/');
}

function faultOf(entry: Entry): DocumentError | null {
  const type = (entry.externalFileAttributes >>> 16) & TYPE_OF_UNIX;
  if (type === LINK)
    return new DocumentError('document.path', `The archive holds a link, ${JSON.stringify(entry.fileName)}.`);
  if (entry.fileName.includes('\0'))
    return new DocumentError('document.path', 'The archive holds a name with a control character.');
  // The library has looked at the name as it decoded it, and some names were decoded in another way since.
  const why = yauzl.validateFileName(entry.fileName.replace(/^\ufeff/, ''));
  return why === null
    ? null
    : new DocumentError('document.path', `The archive holds a path that leads out of it: ${why}.`);
}

async function contentOf(file: ZipFile, entry: Entry, left: number): Promise<Buffer> {
  if (entry.isEncrypted())
    throw new DocumentError('document.encrypted', 'The archive needs a password. Unpack it before it comes here.');
  if (entry.uncompressedSize > left) throw tooLarge();
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    file.openReadStream(entry, (error, opened) => (error ? reject(broken(error)) : resolve(opened)));
  });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      size += (chunk as Buffer).byteLength;
      if (size > left) throw tooLarge();
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw error instanceof DocumentError ? error : broken(error as Error);
  }
  const content = Buffer.concat(chunks);
  if (crc32(content) !== entry.crc32)
    throw new DocumentError('document.broken', `the checksum of ${JSON.stringify(entry.fileName)} is wrong`);
  return content;
}

/** yauzl refuses names that lead out of a folder. */
const broken = ({ message }: Error): DocumentError =>
  /relative path|absolute path|invalid characters in fileName/.test(message)
    ? new DocumentError('document.path', `The archive holds a name that leads out of its folder: ${message}.`)
    : new DocumentError('document.broken', `the archive is damaged: ${message}`);

const tooLarge = (): DocumentError =>
  new DocumentError(
    'document.tooLarge',
    `The archive unpacks to more than ${MAX_UNPACKED_BYTES / 1_048_576} MiB. Split it, or name the entries you need.`,
  );

const tooMany = (): DocumentError =>
  new DocumentError('document.tooLarge', `The archive holds more than ${MAX_ENTRIES} entries. Split it.`);

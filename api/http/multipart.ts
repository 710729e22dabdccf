import type { BusboyFileStream } from '@fastify/busboy';
import { decodeText } from '../../integrations/text-encoding.ts';
import { MAX_FIELDS, MAX_NAME } from './form.ts';
import { ApiProblem } from './problem.ts';

/** Most files of one request. */
const MAX_FILES = 50;
/** Longest name of a file, in characters. */
const MAX_FILE_NAME = 255;
/** Longest line that parts two fields, in characters: RFC 2046 has 70. */
const MAX_BOUNDARY = 200;

/** A file as it came. */
export interface FilePart {
  readonly field: string;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** The fields and files of a multipart form, in order. */
export interface Multipart {
  readonly fields: readonly (readonly [string, string])[];
  readonly files: readonly FilePart[];
}

/** Reads a multipart form. @throws ApiProblem `body.invalid` */
export async function parseMultipart(
  body: Buffer,
  contentType: string,
  maxFields: number = MAX_FIELDS,
): Promise<Multipart> {
  const { Busboy } = await import('@fastify/busboy');
  const fields: [string, string][] = [];
  const files: (Omit<FilePart, 'bytes'> & { chunks: Buffer[] })[] = [];
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new ApiProblem('body.invalid', `The body ${why}.`));
    if (contentType.length > MAX_BOUNDARY + 100) return refuse('is multipart with a boundary that is too long');
    let parser: InstanceType<typeof Busboy>;
    try {
      parser = new Busboy({
        headers: { 'content-type': contentType },
        isPartAFile: (_field, _type, fileName) => fileName !== undefined,
        limits: {
          fieldNameSize: MAX_NAME + 1,
          fieldSize: body.length + 1,
          fields: maxFields,
          files: MAX_FILES,
          fileSize: body.length + 1,
          parts: maxFields + MAX_FILES,
          headerPairs: 20,
          headerSize: 8_192,
        },
      });
    } catch {
      return refuse('is multipart without a boundary');
    }
    // Decided once: a request with many such fields would otherwise decode its whole body for each.
    let isText: boolean | undefined;
    const isUtf8 = (): boolean => {
      isText ??= decodeText(body, 'utf-8') !== null;
      return isText;
    };
    // The parser names no part that has no name, whatever its types say.
    const isNamed = (name: string | undefined): name is string => {
      if (name === undefined) refuse('has a part without a name');
      else if (name.length > MAX_NAME) refuse(`has a field whose name is longer than ${MAX_NAME} characters`);
      else return true;
      return false;
    };
    parser.on('field', (name: string | undefined, value) => {
      if (!isNamed(name)) return;
      if (value.includes('\ufffd') && !isUtf8()) refuse('has a field that is not UTF-8 text');
      else fields.push([name, value]);
    });
    parser.on(
      'file',
      (field: string | undefined, stream: BusboyFileStream, fileName: string, _encoding, type: string) => {
        if (!isNamed(field)) return void stream.resume();
        const chunks: Buffer[] = [];
        files.push({ field, name: baseName(fileName), contentType: type.toLowerCase().slice(0, 100), chunks });
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', () => refuse('is not complete multipart'));
      },
    );
    parser.on('partsLimit', () => refuse(`has more than ${maxFields + MAX_FILES} parts`));
    parser.on('fieldsLimit', () => refuse(`has more than ${maxFields} fields`));
    parser.on('filesLimit', () => refuse(`has more than ${MAX_FILES} files`));
    parser.on('error', () => refuse('is not complete multipart'));
    parser.on('finish', () =>
      resolve({ fields, files: files.map(({ chunks, ...file }) => ({ ...file, bytes: Buffer.concat(chunks) })) }),
    );
    parser.end(body);
  });
}

/** The name of a file without folders and control characters: it names the file, and never a place. */
const baseName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '')
    .replace(/\p{Cc}/gu, '')
    .slice(0, MAX_FILE_NAME)
    .toWellFormed();

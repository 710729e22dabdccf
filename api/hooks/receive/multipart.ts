import type { BusboyFileStream } from '@fastify/busboy';
import type { Json, JsonObject } from '../../../graph/json.ts';
import { decodeText } from '../../../integrations/text-encoding.ts';
import { ApiProblem } from '../../http/problem.ts';
import { collect, MAX_FIELDS, MAX_NAME } from './form.ts';
import type { Store } from './store.ts';

/** Most files of one request. */
const MAX_FILES = 50;
/** Longest name of a file, in characters. */
const MAX_FILE_NAME = 255;

/** A file as it came, before it is stored. */
interface Part {
  readonly field: string;
  readonly name: string;
  readonly contentType: string;
  readonly chunks: Buffer[];
}

/**
 * Reads a multipart form. Files are kept in the store and become references, with their names.
 *
 * @throws ApiProblem `body.invalid`
 */
export async function decodeMultipart(body: Buffer, contentType: string, store: Store): Promise<JsonObject> {
  const { fields, files } = await parse(body, contentType);
  const stored: [string, Json][] = [];
  for (const { field, name, contentType: type, chunks } of files)
    stored.push([field, { ...(await store(Buffer.concat(chunks))), name, contentType: type }]);
  return collect([...fields, ...stored]);
}

async function parse(body: Buffer, contentType: string): Promise<{ fields: [string, string][]; files: Part[] }> {
  const { Busboy } = await import('@fastify/busboy');
  const fields: [string, string][] = [];
  const files: Part[] = [];
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new ApiProblem('body.invalid', `The body ${why}.`));
    let parser: InstanceType<typeof Busboy>;
    try {
      parser = new Busboy({
        headers: { 'content-type': contentType },
        isPartAFile: (_field, _type, fileName) => fileName !== undefined,
        limits: {
          fieldNameSize: MAX_NAME,
          fieldSize: body.length + 1,
          fields: MAX_FIELDS,
          files: MAX_FILES,
          fileSize: body.length + 1,
          parts: MAX_FIELDS + MAX_FILES,
          headerPairs: 20,
          headerSize: 8_192,
        },
      });
    } catch {
      return refuse('is multipart without a boundary');
    }
    parser.on('field', (name, value, isNameCut) => {
      if (isNameCut) refuse(`has a field whose name is longer than ${MAX_NAME} characters`);
      else if (value.includes('\ufffd') && decodeText(body, 'utf-8') === null)
        refuse('has a field that is not UTF-8 text');
      else fields.push([name, value]);
    });
    parser.on('file', (field: string, stream: BusboyFileStream, fileName: string, _encoding, type: string) => {
      const part: Part = { field, name: baseName(fileName), contentType: type.toLowerCase().slice(0, 100), chunks: [] };
      files.push(part);
      stream.on('data', (chunk: Buffer) => part.chunks.push(chunk));
      stream.on('error', () => refuse('is not complete multipart'));
    });
    parser.on('partsLimit', () => refuse(`has more than ${MAX_FIELDS + MAX_FILES} parts`));
    parser.on('fieldsLimit', () => refuse(`has more than ${MAX_FIELDS} fields`));
    parser.on('filesLimit', () => refuse(`has more than ${MAX_FILES} files`));
    parser.on('error', () => refuse('is not complete multipart'));
    parser.on('finish', () => resolve({ fields, files }));
    parser.end(body);
  });
}

/** The name of a file without folders and control characters: it names the file, and never a place. */
const baseName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? '')
    .replace(/\p{Cc}/gu, '')
    .slice(0, MAX_FILE_NAME)
    .toWellFormed();

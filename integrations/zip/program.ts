import { zipSync } from 'fflate';
import { DocumentError, type Done, type Task } from '../parsing/program.ts';
import { openArchive } from './entries.ts';

async function list({ bytes }: Task): Promise<Done> {
  const { entries } = await openArchive(bytes);
  const files = entries
    .filter(({ fileName }) => !fileName.endsWith('/'))
    .map((entry) => ({
      name: entry.fileName,
      size: entry.uncompressedSize,
      packed: entry.compressedSize,
      modifiedAt: dateOf(entry.getLastModDate()),
      encrypted: entry.isEncrypted(),
    }));
  return { value: { files } };
}

const dateOf = (date: Date): string | null => (Number.isNaN(date.getTime()) ? null : date.toISOString());

/** Parameters of `extract`. */
export interface ExtractZip {
  readonly names?: readonly string[] | undefined;
  readonly under?: string | undefined;
  readonly mostFiles: number;
}

async function extract({ parameters, bytes }: Task<ExtractZip>): Promise<Done> {
  const { names, under = '', mostFiles } = parameters;
  const archive = await openArchive(bytes);
  const all = archive.entries.map(({ fileName }) => fileName).filter((name) => !name.endsWith('/'));
  const missing = names?.find((name) => !all.includes(name));
  if (missing !== undefined) {
    const held = all.slice(0, 20).map((name) => JSON.stringify(name));
    throw new DocumentError(
      'document.notFound',
      `The archive holds no ${JSON.stringify(missing)}. It holds ${held.join(', ') || 'nothing'}${all.length > 20 ? ', …' : ''}.`,
    );
  }
  const wanted = (names ?? [...new Set(all)]).filter((name) => name.startsWith(under));
  if (wanted.length > mostFiles) {
    throw new DocumentError(
      'document.tooLarge',
      `The archive holds ${wanted.length} such files; at most ${mostFiles} are unpacked in one step. Use "names" or "under".`,
    );
  }
  const contents: Buffer[] = [];
  for (const name of wanted) contents.push((await archive.read(name))!);
  return {
    value: { files: wanted.map((name, index) => ({ name, size: contents[index]!.byteLength })) },
    bytes: contents,
  };
}

/** Parameters of `create`: names and sizes of the files, whose bytes follow one another. */
export interface CreateZip {
  readonly files: readonly { readonly name: string; readonly size: number }[];
}

/** A fixed time, so that a step that is tried again makes the same bytes. ZIP knows no earlier year. */
const EPOCH = new Date(1980, 0, 1);

function create({ parameters, bytes }: Task<CreateZip>): Done {
  let at = 0;
  const contents: Record<string, Uint8Array> = Object.create(null);
  for (const { name, size } of parameters.files) {
    contents[name] = new Uint8Array(bytes.subarray(at, at + size));
    at += size;
  }
  return { value: { count: parameters.files.length }, bytes: [zipSync(contents, { mtime: EPOCH })] };
}

/** Tasks of `zip.list`, `zip.extract` and `zip.create`. */
export const tasks = { list, extract, create };

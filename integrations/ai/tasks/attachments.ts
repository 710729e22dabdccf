import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Part } from '../../models/port.ts';
import { imageFormat, startsWith } from '../../parsing/image-format.ts';
import { type Source, sourceBytes } from '../../parsing/source.ts';
import { markData } from '../model/data.ts';

/** Most bytes of images and files in one request: providers take little more. */
const MAX_ATTACHED = 20 * 1024 * 1024;

/** Formats that every provider takes. */
const IMAGES = ['png', 'jpeg', 'gif', 'webp'];

/**
 * Images and files as parts of a message. A text file becomes a text that is marked as data, which every model takes.
 *
 * @throws NodeError `ai.image`, `ai.file`, `ai.attachments`, and what `sourceBytes` throws
 */
export async function attachments(
  ctx: NodeContext,
  { images, files }: { readonly images: readonly Source[]; readonly files: readonly Source[] },
): Promise<Part[]> {
  const parts: Part[] = [];
  let size = 0;
  const bytesOf = async (source: Source): Promise<Buffer> => {
    const bytes = Buffer.from(await sourceBytes(ctx, source));
    size += bytes.byteLength;
    if (size > MAX_ATTACHED) throw tooLarge();
    return bytes;
  };
  for (const [index, source] of images.entries())
    parts.push(imagePart(await bytesOf(source), nameOf(source, index, 'image')));
  for (const [index, source] of files.entries())
    parts.push(filePart(await bytesOf(source), nameOf(source, index, 'file')));
  return parts;
}

function imagePart(bytes: Buffer, name: string): Part {
  const format = imageFormat(bytes);
  if (format === null || !IMAGES.includes(format)) {
    throw new NodeError(
      'ai.image',
      `The image "${name}" is ${format ?? 'no image'}; models take ${IMAGES.join(', ')}.`,
    );
  }
  return { kind: 'image', mediaType: `image/${format}`, base64: bytes.toString('base64') };
}

/** `%PDF` */
const PDF = '25504446';

function filePart(bytes: Buffer, name: string): Part {
  if (startsWith(bytes, PDF))
    return { kind: 'file', name, mediaType: 'application/pdf', base64: bytes.toString('base64') };
  try {
    return { kind: 'text', text: markData({ name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }) };
  } catch {
    throw new NodeError(
      'ai.file',
      `The file "${name}" is neither a PDF nor UTF-8 text. Read it with document.text first, and give its text as data.`,
    );
  }
}

/** The last part of the path, without characters that could end the line around data. */
const nameOf = ({ path }: Source, index: number, kind: string): string =>
  (path?.split('/').at(-1) ?? `${kind} ${index + 1}`).replaceAll(/[<>\p{Cc}]/gu, '').slice(0, 200);

const tooLarge = (): NodeError =>
  new NodeError(
    'ai.attachments',
    `Images and files have more than ${MAX_ATTACHED / 1_048_576} MiB together. Send fewer of them, or smaller ones.`,
  );

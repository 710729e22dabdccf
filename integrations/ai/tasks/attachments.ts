import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Part } from '../../models/port.ts';
import { startsWith } from '../../parsing/image-format.ts';
import { type Source, sourceBytes } from '../../parsing/source.ts';
import { markData } from '../model/data.ts';
import { imagePart } from './media.ts';

/** Most bytes of images and files in one request: providers take little more. */
const MAX_ATTACHED = 20 * 1024 * 1024;

/** Bytes that a character of base64 stands for. */
const BYTES_PER_CHARACTER = 0.75;

/**
 * Images and files as parts of a message. A text file becomes a text that is marked as data, which every model takes.
 *
 * @throws NodeError `document.kind`, `document.tooLarge`, and those of `sourceBytes`
 */
export async function attachments(
  ctx: NodeContext,
  { images, files }: { readonly images: readonly Source[]; readonly files: readonly Source[] },
): Promise<Part[]> {
  const parts: Part[] = [];
  let size = 0;
  const add = (part: Part): void => {
    size += part.kind === 'text' ? part.text.length : part.base64.length * BYTES_PER_CHARACTER;
    if (size > MAX_ATTACHED) throw tooLarge();
    parts.push(part);
  };
  for (const source of images) add(await imagePart(ctx, source));
  for (const [index, source] of files.entries()) add(await filePart(ctx, source, `file ${index + 1}`));
  return parts;
}

/** `%PDF` */
const PDF = '25504446';

async function filePart(ctx: NodeContext, source: Source, unnamed: string): Promise<Part> {
  const bytes = Buffer.from(await sourceBytes(ctx, source));
  const name = nameOf(source) ?? unnamed;
  if (startsWith(bytes, PDF))
    return { kind: 'file', name, mediaType: 'application/pdf', base64: bytes.toString('base64') };
  try {
    return { kind: 'text', text: markData({ name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }) };
  } catch {
    throw new NodeError(
      'document.kind',
      `The file "${name}" is neither a PDF nor UTF-8 text. Read it with document.text first, and give its text as data.`,
    );
  }
}

/** The last part of the path, without characters that could end the line around data. */
const nameOf = ({ path }: Source): string | undefined =>
  path
    ?.split('/')
    .at(-1)
    ?.replaceAll(/[<>\p{Cc}]/gu, '')
    .slice(0, 200);

const tooLarge = (): NodeError =>
  new NodeError(
    'document.tooLarge',
    `Images and files have more than ${MAX_ATTACHED / 1_048_576} MiB together. Send fewer of them, or smaller ones.`,
  );

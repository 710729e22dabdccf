import type { NodeContext } from '../../context.ts';
import { NodeError } from '../../error.ts';
import type { Part } from '../../models/port.ts';
import { imageFormat } from '../../parsing/image-format.ts';
import { type Source, sourceBytes } from '../../parsing/source.ts';

/** Formats that models see. */
const SEEN: readonly string[] = ['png', 'jpeg', 'gif', 'webp'];
/** Largest image that a model gets. */
const MOST_IMAGE_BYTES = 20 * 1024 * 1024;

/**
 * An image for a model. Its bytes decide what it is, whatever its file is called.
 *
 * @throws NodeError `document.kind`, `document.tooLarge`, and those of `sourceBytes`
 */
export async function imagePart(ctx: NodeContext, source: Source): Promise<Part> {
  const bytes = Buffer.from(await sourceBytes(ctx, source));
  const format = imageFormat(bytes);
  if (format === null || !SEEN.includes(format)) {
    const what = format === null ? 'This is no image' : `Models see no ${format} images`;
    throw new NodeError(
      'document.kind',
      `${what}: give a PNG, JPEG, GIF or WebP image. image.resize makes them of others.`,
    );
  }
  if (bytes.byteLength > MOST_IMAGE_BYTES) {
    const size = Math.ceil(bytes.byteLength / 1_048_576);
    throw new NodeError(
      'document.tooLarge',
      `The image has ${size} MiB; a model gets at most ${MOST_IMAGE_BYTES / 1_048_576}. image.resize makes it smaller.`,
    );
  }
  return { kind: 'image', mediaType: `image/${format}`, base64: bytes.toString('base64') };
}

/** Largest recording that providers take. */
const MOST_AUDIO_BYTES = 25 * 1024 * 1024;

/** A recording, for a provider that writes down what is said. */
export interface Recording {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * A recording. Its bytes decide what it is, and its name is made from that, because providers go by the name.
 *
 * @throws NodeError `document.kind`, `document.tooLarge`, and those of `sourceBytes`
 */
export async function recording(ctx: NodeContext, source: Source): Promise<Recording> {
  const bytes = Buffer.from(await sourceBytes(ctx, source));
  const format = audioFormat(bytes);
  if (format === null) {
    throw new NodeError(
      'document.kind',
      'This is no recording that can be read: give MP3, MP4, M4A, WAV, WebM, Ogg or FLAC.',
    );
  }
  if (bytes.byteLength > MOST_AUDIO_BYTES) {
    const size = Math.ceil(bytes.byteLength / 1_048_576);
    throw new NodeError(
      'document.tooLarge',
      `The recording has ${size} MiB; at most ${MOST_AUDIO_BYTES / 1_048_576} are taken. Compress or divide it.`,
    );
  }
  return { name: `recording.${format.ending}`, mediaType: format.mediaType, bytes };
}

function audioFormat(bytes: Buffer): { ending: string; mediaType: string } | null {
  const begins = (text: string, at = 0): boolean => bytes.toString('latin1', at, at + text.length) === text;
  if (begins('RIFF') && begins('WAVE', 8)) return { ending: 'wav', mediaType: 'audio/wav' };
  if (begins('OggS')) return { ending: 'ogg', mediaType: 'audio/ogg' };
  if (begins('fLaC')) return { ending: 'flac', mediaType: 'audio/flac' };
  if (begins('ftyp', 4)) return { ending: 'm4a', mediaType: 'audio/mp4' };
  if (begins('\x1a\x45\xdf\xa3')) return { ending: 'webm', mediaType: 'audio/webm' };
  // A frame of MPEG audio begins with eleven ones.
  const isFrame = bytes.length > 2 && bytes[0] === 0xff && (bytes[1]! & 0xe0) === 0xe0;
  return begins('ID3') || isFrame ? { ending: 'mp3', mediaType: 'audio/mpeg' } : null;
}

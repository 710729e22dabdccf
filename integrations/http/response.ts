import { pipeline, type Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Json } from '../../graph/json.ts';
import type { NodeContext } from '../context.ts';
import { NodeError } from '../error.ts';
import { shown } from './address.ts';
import { hasEffect, networkError } from './errors.ts';
import type { HttpResponse } from './exchange.ts';
import type { HttpInput } from './request.ts';

/** Encodings the node asks for and undoes. */
export const ACCEPT_ENCODING = 'gzip, deflate, br';

/**
 * Reads a body up to a number of bytes, counted after decompression while they arrive: neither a large answer nor a
 * small one that swells can fill the memory.
 *
 * @throws NodeError `http.tooLarge`, `http.network`, `http.timeout`, `http.body`
 */
export async function readBody(signal: AbortSignal, response: HttpResponse, maxBytes: number): Promise<Buffer> {
  const { request, headers, body } = response;
  const plain = decompressed(body, request.method === 'HEAD' ? '' : (headers['content-encoding'] ?? ''));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (request.method !== 'HEAD' && Number(headers['content-length'] ?? 0) > maxBytes)
      throw tooLarge(response, maxBytes);
    for await (const chunk of plain) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(response, maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    // Undici reports its own abort when a body is destroyed half-way: nobody is left to hear it.
    body.on('error', () => {}).destroy();
    plain.on('error', () => {}).destroy();
    signal.throwIfAborted();
    if (String((error as { code?: unknown }).code).startsWith('Z_'))
      throw badBody(response, 'it is not compressed as it says');
    throw networkError(request, error);
  }
  return Buffer.concat(chunks);
}

/**
 * The value of a body in the form the author asked for.
 *
 * @throws NodeError `http.body` if it is not of that form.
 */
export async function decodeBody(
  ctx: Pick<NodeContext, 'blobs'>,
  response: HttpResponse,
  bytes: Buffer,
  as: HttpInput['responseAs'],
): Promise<Json> {
  if (bytes.length === 0) return null;
  const contentType = (response.headers['content-type'] ?? '').toLowerCase();
  const form = as === 'auto' ? formOf(contentType, bytes) : as;
  switch (form) {
    case 'json':
      return parseJson(response, textOf(bytes, contentType));
    case 'text':
      return textOf(bytes, contentType);
    case 'base64':
      return bytes.toString('base64');
    case 'blob':
      return { ...(await ctx.blobs.put(bytes)), ...(contentType !== '' && { contentType }) };
  }
}

/** The start of a failed answer's body, for the error's details. */
export function excerpt(response: HttpResponse, bytes: Buffer): Json {
  const contentType = (response.headers['content-type'] ?? '').toLowerCase();
  if (bytes.length === 0 || formOf(contentType, bytes) === 'blob') return null;
  const text = textOf(bytes, contentType);
  if (text.length > 2000) return `${text.slice(0, 2000)}…`;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function formOf(contentType: string, bytes: Buffer): 'json' | 'text' | 'blob' {
  const type = contentType.split(';')[0]?.trim() ?? '';
  if (/[/+]json$/.test(type)) return 'json';
  if (/^text\/|[/+](xml|yaml|ndjson|jsonl|javascript|graphql|x-www-form-urlencoded)$/.test(type)) return 'text';
  return type === '' && isUtf8(bytes) ? 'text' : 'blob';
}

function textOf(bytes: Buffer, contentType: string): string {
  const charset = /charset="?([^\s;"]+)/.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function parseJson(response: HttpResponse, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw badBody(response, 'it is not valid JSON; "responseAs: text" returns it as it is');
  }
}

function decompressed(body: Readable, encodings: string): Readable {
  const names = encodings
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  // More than two layers is an attack or a mistake; the body is then returned as it came.
  if (names.length > 2) return body;
  return names.reverse().reduce<Readable>((stream, name) => {
    const decoder = decoderOf(name);
    // The error reaches the reader through the last stream.
    return decoder === null ? stream : pipeline(stream, decoder, () => {});
  }, body);
}

function decoderOf(name: string): Transform | null {
  if (name === 'gzip' || name === 'x-gzip') return createGunzip();
  if (name === 'deflate') return createInflate();
  return name === 'br' ? createBrotliDecompress() : null;
}

function tooLarge({ request }: HttpResponse, maxBytes: number): NodeError {
  return new NodeError(
    'http.tooLarge',
    `The answer to ${request.method} ${shown(request.url)} is larger than ${maxBytes} bytes and was cut off. ` +
      'Ask for less, or raise "maxBytes" (at most 104857600).',
    { unknown: hasEffect(request) },
  );
}

function badBody({ request }: HttpResponse, why: string): NodeError {
  return new NodeError('http.body', `The answer to ${request.method} ${shown(request.url)} cannot be read: ${why}.`, {
    unknown: hasEffect(request),
  });
}

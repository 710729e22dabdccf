import type { Json } from '../../graph/json.ts';
import { bytesOf } from '../content.ts';
import type { NodeContext } from '../context.ts';
import { pairsOf } from './address.ts';
import type { HttpInput } from './input.ts';

/** A request body that can be sent again on a redirect, with the content type it needs. */
export interface Body {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** The body the author chose, or null. */
export async function bodyOf(ctx: Pick<NodeContext, 'blobs'>, input: HttpInput): Promise<Body | null> {
  if (input.json !== undefined) return jsonBody(input.json);
  if (input.form) return utf8(new URLSearchParams(pairsOf(input.form)).toString(), 'application/x-www-form-urlencoded');
  if (input.text !== undefined) return utf8(input.text, 'text/plain; charset=utf-8');
  if (input.binary) return { bytes: await bytesOf(ctx, input.binary), contentType: 'application/octet-stream' };
  if (input.multipart) return encodeParts(ctx, input.multipart);
  return null;
}

/** A JSON body. */
export const jsonBody = (value: Json): Body => utf8(JSON.stringify(value), 'application/json');

async function encodeParts(ctx: Pick<NodeContext, 'blobs'>, parts: NonNullable<HttpInput['multipart']>): Promise<Body> {
  const form = new FormData();
  for (const { name, filename, contentType, ...content } of parts) {
    if (content.text !== undefined && filename === undefined && contentType === undefined) {
      form.append(name, content.text);
      continue;
    }
    const bytes = new Uint8Array(await bytesOf(ctx, content));
    form.append(name, new File([bytes], filename ?? name, { type: contentType ?? 'application/octet-stream' }));
  }
  // The runtime's own encoder chooses the boundary and escapes names.
  const encoded = new Response(form);
  return {
    bytes: new Uint8Array(await encoded.arrayBuffer()),
    contentType: encoded.headers.get('content-type') ?? 'multipart/form-data',
  };
}

const utf8 = (text: string, contentType: string): Body => ({ bytes: Buffer.from(text, 'utf8'), contentType });

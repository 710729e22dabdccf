import { parseServiceJson } from '../../../graph/exact-json.ts';
import type { Json } from '../../../graph/json.ts';
import { parseJson } from '../../http/body.ts';
import { decodeForm } from '../../http/form.ts';
import { requireHarmless } from '../../http/harmless.ts';
import { parseMediaType } from './media-type.ts';
import { decodeMultipart } from './multipart.ts';
import type { Store } from './store.ts';
import { isText, textOf } from './text.ts';

/**
 * The value of a body, by its media type: JSON, a form, text; of anything else, a reference to its bytes.
 *
 * @throws ApiProblem `body.invalid`, `body.type` (an unknown charset)
 */
export async function decodeBody(body: Buffer, contentType: string | null, store: Store): Promise<Json> {
  if (body.length === 0) return null;
  const type = parseMediaType(contentType ?? '');
  if (/^(application|text)\/json$|\+json$/.test(type.name)) {
    const text = textOf(body, type);
    // Nesting is counted first, because a deep value overflows the stack.
    requireHarmless(parseJson(text), text);
    return parseServiceJson(text);
  }
  if (type.name === 'application/x-www-form-urlencoded') return decodeForm(textOf(body, type));
  if (type.name === 'multipart/form-data') return decodeMultipart(body, contentType ?? '', store);
  if (isText(type, body)) return textOf(body, type);
  return { ...(await store(body)), ...(type.name !== '' && { contentType: type.name }) };
}

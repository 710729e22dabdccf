import type { Json, JsonObject } from '../../../graph/json.ts';
import { collect } from '../../http/form.ts';
import { parseMultipart } from '../../http/multipart.ts';
import type { Store } from './store.ts';

/**
 * Reads a multipart form. Files are kept in the store and become references, with their names.
 *
 * @throws ApiProblem `body.invalid`
 */
export async function decodeMultipart(body: Buffer, contentType: string, store: Store): Promise<JsonObject> {
  const { fields, files } = await parseMultipart(body, contentType);
  // Before anything is stored: a form that is refused leaves nothing behind.
  collect([...fields, ...files.map(({ field }) => [field, null] as const)]);
  const stored: [string, Json][] = [];
  for (const { field, name, contentType: type, bytes } of files)
    stored.push([field, { ...(await store(bytes)), name, contentType: type }]);
  return collect([...fields, ...stored]);
}

import { z } from 'zod';
import { mediaType, readBytes, readText } from '../http/body.ts';
import { ApiProblem } from '../http/problem.ts';
import type { BodyReader } from '../http/route.ts';

/** Most fields, files included, of a form that is sent. */
const MAX_ENTRIES = 5_000;
const MAX_FILES = 50;

/** What a browser sends for a form. */
export interface Filled {
  readonly entries: Map<string, string[]>;
  readonly files: Map<string, File[]>;
}

/** The schema of what `filledForm` reads. */
export const filled = z.custom<Filled>(
  (value) => (value as Filled | undefined)?.entries instanceof Map,
  'must be a form',
);

const TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data'];

/** Reads a form as a browser sends it, with files if there are any. */
export const filledForm: BodyReader = {
  types: TYPES,
  read: (request) => {
    const type = mediaType(request);
    if (type === TYPES[0]) return readText(request).then((text) => collect(new URLSearchParams(text)));
    if (type === TYPES[1]) return readMultipart(request);
    throw new ApiProblem('body.type', `Send the form as ${TYPES.join(' or ')}.`);
  },
};

async function readMultipart(request: Request): Promise<Filled> {
  const bytes = await readBytes(request);
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  let data: FormData;
  try {
    data = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers }).formData();
  } catch {
    throw new ApiProblem('body.invalid', 'The body is not complete multipart.');
  }
  return collect(data);
}

function collect(pairs: Iterable<[string, string | File]>): Filled {
  const entries = new Map<string, string[]>();
  const files = new Map<string, File[]>();
  let count = 0;
  for (const [name, value] of pairs) {
    if (++count > MAX_ENTRIES) throw new ApiProblem('body.invalid', `The form has more than ${MAX_ENTRIES} fields.`);
    if (typeof value === 'string') entries.set(name, [...(entries.get(name) ?? []), value]);
    // A browser sends a file without a name and without bytes if none was chosen.
    else if (value.name !== '' || value.size > 0) files.set(name, [...(files.get(name) ?? []), value]);
  }
  if ([...files.values()].flat().length > MAX_FILES)
    throw new ApiProblem('body.invalid', `The form has more than ${MAX_FILES} files.`);
  return { entries, files };
}

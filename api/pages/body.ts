import { z } from 'zod';
import type { Hold } from '../bodies.ts';
import { mediaType, readBytes, readText } from '../http/body.ts';
import { formPairs } from '../http/form.ts';
import { requireHarmlessName } from '../http/harmless.ts';
import { parseMultipart } from '../http/multipart.ts';
import { ApiProblem } from '../http/problem.ts';
import type { BodyReader } from '../http/route.ts';

/** Most fields of a form that is sent. */
const MAX_ENTRIES = 5_000;

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
  read: (request, hold) => {
    const type = mediaType(request);
    if (type === TYPES[0])
      return readText(request, hold).then((text) =>
        collect(formPairs(text, { what: 'form', maxFields: MAX_ENTRIES }), []),
      );
    if (type === TYPES[1]) return readMultipart(request, hold);
    throw new ApiProblem('body.type', `Send the form as ${TYPES.join(' or ')}.`);
  },
};

async function readMultipart(request: Request, hold: Hold): Promise<Filled> {
  const bytes = await readBytes(request, hold);
  const { fields, files } = await parseMultipart(bytes, request.headers.get('content-type') ?? '', MAX_ENTRIES);
  const given = files.map(({ field, name, contentType: type, bytes: content }) => {
    const file = new File([content as Uint8Array<ArrayBuffer>], name, { type });
    return [field, file] as const;
  });
  // A browser sends a file without a name and without bytes if none was chosen.
  return collect(
    fields,
    given.filter(([, { name, size }]) => name !== '' || size > 0),
  );
}

function collect(fields: readonly (readonly [string, string])[], given: readonly (readonly [string, File])[]): Filled {
  for (const [name] of [...fields, ...given]) requireHarmlessName(name, 'form');
  const entries = Map.groupBy(fields, ([name]) => name);
  const files = Map.groupBy(given, ([name]) => name);
  return { entries: valuesOf(entries), files: valuesOf(files) };
}

const valuesOf = <T>(groups: ReadonlyMap<string, readonly (readonly [string, T])[]>): Map<string, T[]> =>
  new Map([...groups].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]));

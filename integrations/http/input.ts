import { z } from 'zod';
import { blobReference } from '../blob.ts';
import { contentFields, exactlyOne } from '../content.ts';
import { duration, encoding, json } from '../schema.ts';
import { isOwnHeader } from './headers.ts';
import { pagination } from './pagination.ts';

const scalar = () => z.union([z.string(), z.number(), z.boolean(), z.null()]);
const fields = () => z.record(z.string(), z.union([scalar(), z.array(scalar())]));
/** Most that is read into memory, and most that is kept as it arrives. */
const LARGEST_BODY = 104_857_600;
const LARGEST_STREAM = 5_368_709_120;

const BODIES = ['json', 'form', 'multipart', 'text', 'binary'] as const;

const headers = () =>
  z.record(
    z
      .string()
      .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/, 'must be a header name')
      .refine((name) => !isOwnHeader(name), 'is written by the HTTP client itself'),
    // For editors and the validator only: a value that an expression yields is refused with its own code.
    z.string().meta({ pattern: '^[\\t\\x20-\\x7e\\x80-\\xff]*$' }),
  );

const part = () =>
  z
    .strictObject({
      name: z.string().min(1).describe('Name of the form field.'),
      ...contentFields(),
      filename: z.string().optional().describe('Makes the part a file of this name.'),
      contentType: z.string().optional().describe('Media type of a file.'),
    })
    .refine(exactlyOne('text', 'base64', 'blob'), 'give exactly one of text, base64 and blob');

const binary = () =>
  z
    .strictObject({
      base64: z.base64().optional().describe('The bytes as base64.'),
      blob: blobReference().optional().describe('The bytes as a reference that another node returned.'),
    })
    .refine(exactlyOne('base64', 'blob'), 'give exactly one of base64 and blob');

/** Parameters of `http.request`. */
export const input = z
  .strictObject({
    method: z
      .enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])
      .default('GET')
      .describe('HTTP method.'),
    url: z.string().min(1).max(8192).describe('Address, http or https. Credentials belong in a connection, not here.'),
    query: fields()
      .optional()
      .describe(
        'Query parameters, added to the ones in the address, which stay as they are written. A list repeats the name; null leaves the parameter out.',
      ),
    headers: headers().optional().describe('Request headers.'),
    json: json().optional().describe('Body as JSON.'),
    form: fields().optional().describe('Body as application/x-www-form-urlencoded.'),
    multipart: z.array(part()).min(1).optional().describe('Body as multipart/form-data: fields and files.'),
    text: z.string().optional().describe('Body as text (UTF-8), `text/plain` unless a header says otherwise.'),
    binary: binary().optional().describe('Body as bytes, `application/octet-stream` unless a header says otherwise.'),
    okStatuses: z
      .array(z.int().min(300).max(599))
      .optional()
      .describe(
        'Statuses other than 2xx to return instead of failing, such as `[404]`. With pagination, such a status ends the pages.',
      ),
    followRedirects: z
      .boolean()
      .default(true)
      .describe('Follow at most 5 redirects. False: a redirect is returned like a success.'),
    idempotencyKey: z
      .boolean()
      .default(true)
      .describe('Send an `Idempotency-Key` with POST, PUT, PATCH and DELETE, the same on every attempt.'),
    responseAs: z
      .enum(['auto', 'json', 'ndjson', 'text', 'base64', 'blob'])
      .default('auto')
      .describe(
        'How to return the body. `auto`: JSON, lines of JSON (`ndjson`, as a list) and text, depending on the content type; everything else as a `blob` reference.',
      ),
    encoding: encoding()
      .optional()
      .describe(
        'Encoding of the text in the answer, such as `windows-1252`, if the answer does not declare it or declares a wrong one.',
      ),
    maxBytes: z
      .int()
      .min(1)
      .max(LARGEST_STREAM)
      .default(10_485_760)
      .describe(
        'Largest response in bytes, decompressed, all pages together (default 10 MiB, at most 100 MiB; at most 5 GiB with `responseAs: blob`).',
      ),
    timeouts: z
      .strictObject({
        headers: duration('10ms', '1h').default('30s').describe('How long to wait for the answer to begin.'),
        body: duration('10ms', '1h').default('60s').describe('Longest pause within the body.'),
      })
      .prefault({})
      .describe('Limits within one request; connecting takes at most 10 s per address.'),
    pagination: pagination().optional().describe('Fetch page after page and return all items as one list.'),
  })
  .refine(
    ({ maxBytes, responseAs, pagination: pages }) =>
      maxBytes <= LARGEST_BODY || (responseAs === 'blob' && pages === undefined),
    'maxBytes is at most 104857600 (100 MiB), except with "responseAs: blob" and without pagination',
  )
  .refine(
    (value) => BODIES.filter((name) => value[name] !== undefined).length <= 1,
    'give at most one of json, form, multipart, text and binary',
  )
  .refine(
    (value) => !['GET', 'HEAD'].includes(value.method) || BODIES.every((name) => value[name] === undefined),
    'a GET or HEAD request has no body: set "method", for example to POST',
  )
  .refine(
    ({ pagination: how, json: body }) =>
      how === undefined || !('field' in how) || how.field === undefined || isObject(body),
    'pagination.field needs a JSON body to put the position into: set "json" to a map, and "method" to POST',
  );

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `http.request` returns. */
export const output = z.object({
  status: z.int().describe('HTTP status; with pagination, the status of the last answer.'),
  headers: z
    .record(z.string(), z.string())
    .describe('Response headers, names in lower case, repeated ones joined by a comma (set-cookie: by a line break).'),
  body: json().describe(
    'Parsed JSON (a list, if the body is lines of JSON), text, base64 text, or a reference `{ sha256, size, contentType }`; null if empty. With pagination: the list of all items.',
  ),
  url: z.string().describe('Address that answered, after redirects.'),
  pages: z.int().optional().describe('With pagination: how many pages were fetched.'),
  complete: z.boolean().optional().describe('With pagination: false if `maxPages` was reached before the last page.'),
});

/** Parameters of `http.request`, parsed. */
export type HttpInput = z.output<typeof input>;
/** What `http.request` returns. */
export type HttpOutput = z.output<typeof output>;
